import fc from "fast-check";
import { fieldTypes } from "../../src/model/resource.ts";

/** Fragments that mean something to a format or a language that the text can land in. */
const fragments = [
  ..."\"'`\\$#%&*_-+=~^|<>[](){}!?:;,.@/ ",
  "{{name}}",
  "{{{x}}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: hostile on purpose
  "${x}",
  "#{x}",
  "`rm -rf /`",
  "<script>",
  "</div>",
  "<!--",
  "-->",
  "*/",
  "//",
  "'''",
  '"""',
  "```",
  "---",
  "===",
  "1. ",
  "- ",
  "> ",
  "# ",
  "&amp;",
  "&#0;",
  "\\n",
  "\\u0000",
  "%s",
  "%0a",
  "![a](b)",
  "[a]: b",
  "https://example.com/a_b_c?d=*e*",
  "WWW.example.com/a_b_c",
  "a_b_c@example.com",
  "||",
  "null",
  "lab_specimen",
  "depot-service",
  "é",
  "ß",
  "İ",
  "注文",
  "🧾",
  "👩‍👩‍👧",
  "\u00a0",
  "\u2003",
  "\u007f",
  "\u0085",
  "\ufffd",
  "\ufffe",
];

/** Any text at all: noise, and what has a meaning somewhere. */
export const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fragments) }, fc.string({ maxLength: 4 })), {
      maxLength: 20,
    })
    .map((parts) => parts.join("")),
);

/** Keywords, built-in names and SQL, as names of fields, members and resources. */
const words =
  "abstract any as asc async await bool break by case cast catch chan class const constructor continue crate date default defer delete desc do dyn else enum error export extends extern fallthrough false final finally float fn for from func function gen get go goto group having if impl implements import in index int integer interface into is join key len let limit list loop macro make map match mod module mut new nil none null object of on option order package panic primary private proto pub range raw ref result return row select self set static string struct super switch table this throw trait true try type typeof undefined union unique unsafe unsized update use user using value values var version void where while with yield".split(
    " ",
  );

const wellFormed = fc.oneof(
  fc.constantFrom(...words),
  fc.stringMatching(/^[a-z][a-z0-9_]{0,29}$/),
  fc.stringMatching(/^[a-z][a-z_]{29}$/),
  fc.stringMatching(/^[a-z]$/),
);

/** Mostly names that can be taken. */
const names = fc.oneof({ weight: 60, arbitrary: wellFormed }, texts);

const typesOf = (name: fc.Arbitrary<string>) =>
  fc
    .constantFrom(...fieldTypes)
    .chain((type) =>
      type === "one_of"
        ? fc.uniqueArray(name, { minLength: 1, maxLength: 6 }).map((members) => `one_of(${members.join(",")})`)
        : fc.constant(type),
    );

const resourceOf = (name: fc.Arbitrary<string>) => {
  const field = fc
    .tuple(name, typesOf(name), fc.constantFrom("", "?"))
    .map(([called, type, nullable]) => `${called}:${type}${nullable}`);
  return fc
    .tuple(name, fc.uniqueArray(field, { minLength: 1, maxLength: 20, selector: (text) => text.split(":", 1)[0] }))
    .map(([called, fields]) => `${called} ${fields.join(" ")}`);
};

const resourcesOf = (name: fc.Arbitrary<string>) =>
  fc.array(resourceOf(name), { minLength: 1, maxLength: 3 }).map((list) => list.join("; "));

/** One to three resources, now and then with a name that cannot be one. */
export const anyResources = resourcesOf(names);

/** One to three resources whose names may meet each other and the service's own, and are else well-formed. */
export const wellFormedResources = resourcesOf(wellFormed);

/** Short and long names of services, in the grammar. */
export const serviceNames = fc.stringMatching(/^[a-z]([a-z0-9]|-[a-z0-9]){0,14}$/);

export const modules = fc.stringMatching(/^[a-z0-9]{1,8}\.[a-z]{2,5}(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,9}){0,3}$/);
