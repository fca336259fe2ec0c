import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkModule, checkResources, checkServiceName, suggestName } from "../../src/compose/names.ts";
import { parseResources } from "../../src/compose/resource.ts";
import { languages } from "../../src/model/verdict.ts";
import { Problem } from "../../src/problem.ts";

test.each([
  ["My App!!", "my-app"],
  ["Bücher & Zeitung", "bucher-zeitung"],
  ["İSTANBUL", "istanbul"],
  ["con", "con-service"],
  ["123", "my-service"],
  ["注文", "my-service"],
  ["x".repeat(40), "x".repeat(30)],
])("%s suggests %s", (text, suggestion) => {
  expect(suggestName(text)).toBe(suggestion);
});

test("a suggestion is always a name that can be taken", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."aZ09 -_.é注") }));
  fc.assert(
    fc.property(texts, fc.constantFrom(...languages), (text, language) => {
      checkServiceName(suggestName(text), language);
    }),
    { numRuns: 2000 },
  );
});

describe("a Go module path", () => {
  test.each(["example.com", "github.com/acme/billing", "git.acme.io/a/b_c/d~e/v2"])("%s is one", (module) => {
    expect(() => checkModule(module)).not.toThrow();
  });

  test.each([
    ["billing", "of the standard library's own kind"],
    ["example.com/", "an empty element"],
    ["example.com/.x", "a dot first"],
    ["example.com/x.", "a dot last"],
    ["example.com/../x", "a way out"],
    ["example.com/con/x", "a device of Windows"],
    ["example.com/x~1", "a short name of Windows"],
    ["example.com/x/v1", "a version that is not written"],
    ["Example.com/x", "a host with capitals"],
    ['example.com/"x', "a quote"],
    ["example.com/x y", "a space"],
  ])("%s is none: %s", (module) => {
    expect(() => checkModule(module)).toThrow(Problem);
  });
});

test.each(["item xmin:integer", "item oid:uuid name:text", "pg_class name:text"])(
  "PostgreSQL keeps a name of %s to itself, and SQLite does not",
  (text) => {
    const resources = parseResources(text);
    for (const language of languages) {
      expect(() => checkResources(resources, language, "sqlite")).not.toThrow();
      expect(() => checkResources(resources, language, "postgres")).toThrow(Problem);
    }
  },
);
