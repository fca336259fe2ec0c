import { readFileSync } from "node:fs";
import path from "node:path";
import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { sortCargoLock } from "../../src/compose/lockfile.ts";
import { mergeData } from "../../src/compose/merge.ts";
import { holderOf } from "../../src/compose/owner.ts";
import { policyOf, policyRows } from "../../src/compose/policy.ts";
import { render } from "../../src/compose/render.ts";
import { parseResources } from "../../src/compose/resource.ts";
import { Stack, selectLayers } from "../../src/compose/stack.ts";
import { readTemplate } from "../../src/compose/template.ts";
import type { Blueprint } from "../../src/model/blueprint.ts";
import { chosenLayers } from "../../src/model/choices.ts";

test("two owners of one path are a fault", () => {
  const stack = new Stack<string>();
  stack.put("go/base", "main.go", "a");
  expect(() => stack.put("go/feature-x", "main.go", "b")).toThrow('Both "go/base" and "go/feature-x" write main.go.');
});

test("a choice selects the layer of its option, made or not", () => {
  expect(chosenLayers({})).toEqual(["database-sqlite"]);
  expect(chosenLayers({ database: "postgres", ci: "github", license: "none" })).toEqual([
    "database-postgres",
    "ci-github",
  ]);
});

test("a feature may stand instead of a layer that every repository has", () => {
  const layersOf = (features: Blueprint["features"]) =>
    selectLayers({ language: "go", choices: {}, features } as unknown as Blueprint, (layer) => layer.startsWith("go/"));
  const smallest = { id: "small-image", about: "the smallest image" };
  expect(layersOf([])).toEqual(["go/base", "go/image", "go/database-sqlite"]);
  expect(layersOf([smallest]).slice(0, 3)).toEqual(["go/base", "go/database-sqlite", "go/feature-small-image"]);
});

test("a field whose type is more than one of a language's own brings a layer", () => {
  const layersFor = (resource: string, ids = ["resource"]) => {
    const features = ids.map((id) => ({ id, about: id }));
    const blueprint = { language: "go", choices: {}, features, resources: parseResources(resource) };
    return selectLayers(blueprint as unknown as Blueprint, (layer) => ["go/base", "go/values"].includes(layer));
  };
  expect(layersFor("item label:text; order total:money?")).toEqual(["go/base", "go/values"]);
  expect(layersFor("item state:one_of(a,b)")).toEqual(["go/base", "go/values"]);
  expect(layersFor("item label:text count:integer")).toEqual(["go/base"]);
  expect(layersFor("order total:money", [])).toEqual(["go/base"]);
});

test("the holder of a team's code is its organisation", () => {
  const holders = ["@acme/backend", "@ada", "Acme Ltd"].map((owner) => holderOf({ owner }, "billing"));
  expect(holders).toEqual(["acme", "ada", "Acme Ltd"]);
  expect(holderOf({}, "billing")).toBe("the billing authors");
});

test("rendering escapes nothing by itself and refuses unknown names, also inside if and each", () => {
  const read = (text: string) => readTemplate(text, "x.hbs");
  const template = read("{{name}} {{json name}} {{toml name}}");
  expect(render(template, { name: '<"&>' }, "x")).toBe('<"&> "<\\"&>" "<\\"&>"');
  for (const template of [
    "{{nmae}}",
    "{{#if nmae}}x{{/if}}",
    "{{#each nmae}}x{{/each}}",
    "{{#each list}}{{nmae}}{{/each}}",
  ]) {
    expect(() => render(read(template), { name: "a", list: [{ name: "b" }] }, "x.hbs"), template).toThrow("x.hbs");
  }
});

test("a template is drawn as Handlebars would draw it", () => {
  const text = [
    "{{#if yes}}",
    "one {{a.b}}",
    "{{else}}",
    "two",
    "{{/if}}",
    "{{! a comment }}",
    "{{#each list}}",
    "- {{name}}{{#unless @last}},{{/unless}}",
    "{{/each}}",
    "{{#each words}}{{this}} {{/each}}\\{{x}}",
    "",
  ].join("\n");
  const view = { yes: true, a: { b: "<" }, list: [{ name: "x" }, { name: "y" }], words: ["p", "q"] };
  for (const seen of [view, { ...view, yes: "" }, { ...view, yes: [], list: [] }]) {
    const drawn = Handlebars.compile(text, { noEscape: true, strict: true })(seen);
    expect(render(readTemplate(text, "x.hbs"), seen, "x.hbs")).toBe(drawn);
  }
});

test.each(["{{> partial}}", "{{#with a}}{{/with}}", "{{../a}}", "{{json a b}}", "{{#if a b}}{{/if}}", "{{#if a}"])(
  "%s is more than a template may have",
  (text) => {
    expect(() => readTemplate(text, "x.hbs")).toThrow("x.hbs");
  },
);

test("data merges by key, and disagreement is a fault", () => {
  expect(mergeData({ sqlx: { features: ["a"] }, x: 1 }, { sqlx: { features: ["b", "a"] }, y: 2 })).toEqual({
    sqlx: { features: ["a", "b"] },
    x: 1,
    y: 2,
  });
  expect(() => mergeData({ a: { b: 1 } }, { a: { b: 2 } })).toThrow("/a/b");
});

test("a renamed package moves to its place in Cargo.lock", () => {
  const lock = (...names: string[]) =>
    `version = 4\n\n${names.map((name) => `[[package]]\nname = "${name}"\nversion = "1.0.0"`).join("\n\n")}\n`;
  expect(sortCargoLock(lock("axum", "zebra", "serde"))).toBe(lock("axum", "serde", "zebra"));
});

test("every policy row names a path that no earlier row takes", () => {
  const examples = [
    "migrations/0001_items.sql",
    "docs/decisions/0001-language.md",
    "LICENSE",
    "Cargo.lock",
    "openapi.json",
    "go.mod",
    "src/resources.rs",
    ".nvmrc",
    "src/main.ts",
  ];
  expect(examples.map(policyOf)).toEqual(policyRows.map(({ policy }) => policy));
});

test("docs/policies.md has a line for every policy row", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../../docs/policies.md"), "utf8");
  const lines = page.split("\n").filter((line) => line.startsWith("| `"));
  expect(lines.map((line) => line.split(" | ").at(-1)?.replace(/ \|$/, ""))).toEqual(
    policyRows.map(({ because }) => because),
  );
  expect(lines.map((line) => /`(\w+)`/.exec(line)?.[1])).toEqual(policyRows.map(({ policy }) => policy));
});
