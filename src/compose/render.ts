import type { Part, Path, Template } from "../model/template.ts";
import { comment, json, md, toml, yaml } from "./escapes.ts";

/** By the name that templates call them by. */
const escapes: Readonly<Record<string, (value: never) => string>> = { comment, json, md, toml, yaml };

/**
 * Renders strictly and unescaped.
 * @throws Error when the template names something that the view does not have; that is a fault of ours.
 */
export function render(template: Template, view: object, path: string): string {
  try {
    return draw(template, { item: view, last: false });
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The template with all its text renamed, and what it names left alone. */
export function mapText(template: Template, rename: (text: string) => string): Template {
  return template.map((part): Part => {
    if (typeof part === "string") return rename(part);
    if ("each" in part) return { ...part, body: mapText(part.body, rename) };
    if ("when" in part) {
      return { ...part, body: mapText(part.body, rename), otherwise: mapText(part.otherwise, rename) };
    }
    return part;
  });
}

interface Scope {
  readonly item: unknown;
  readonly last: boolean;
}

function draw(template: Template, scope: Scope): string {
  return template.map((part) => (typeof part === "string" ? part : drawPart(part, scope))).join("");
}

function drawPart(part: Exclude<Part, string>, scope: Scope): string {
  if ("print" in part) return escaped(valueAt(part.print, scope), part.escape);
  if ("when" in part) return draw(isTrue(valueAt(part.when, scope)) ? part.body : part.otherwise, scope);
  const list = valueAt(part.each, scope);
  if (!Array.isArray(list)) throw new Error(`"${part.each.join(".")}" is not a list.`);
  return list.map((item, index) => draw(part.body, { item, last: index === list.length - 1 })).join("");
}

function valueAt(path: Path, { item, last }: Scope): unknown {
  const [first] = path;
  if (first === "@last") return last;
  if (first === "this") return item;
  return path.reduce((value, name) => {
    if (typeof value !== "object" || value === null || !(name in value))
      throw new Error(`"${name}" is not in the view.`);
    return value[name as keyof typeof value];
  }, item);
}

/** As Handlebars has it: an empty list and an empty text are false. */
const isTrue = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function escaped(value: unknown, place: string | undefined): string {
  if (place === undefined) return String(value);
  const escapeFor = escapes[place];
  if (!escapeFor) throw new Error(`There is no escape "${place}".`);
  return escapeFor(value as never);
}
