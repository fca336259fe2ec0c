import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fieldTypes } from "../../src/model/resource.ts";
import type { Tree } from "../../src/model/tree.ts";
import { combinations, treeOfCombination } from "../support/combinations.ts";
import { everyType, keywords, languages, treeOf, writeTree } from "../support/emit.ts";
import { complaints } from "../support/formats.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "format-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const names = ["a", "consignm", `z${"y".repeat(28)}z`];
const typed = (name: string, suffix: string) =>
  fieldTypes.map(
    (type) =>
      `${name.slice(0, 28)}${type.slice(0, 1)}${type.length}:${type}${type === "one_of" ? `(${name},x)` : ""}${suffix}`,
  );

const resources: readonly (readonly [string, string])[] = [
  ["every type", everyType],
  ["keywords", keywords],
  ...names.flatMap((name): [string, string][] => [
    [`${name.length} letters, every type`, `${name} ${typed(name, "").join(" ")}`],
    [`${name.length} letters, every type, nullable`, `${name} ${typed(name, "?").join(" ")}`],
    ...fieldTypes.flatMap((type): [string, string][] => {
      const members = type === "one_of" ? `(${name})` : "";
      return [
        [`${name.length} letters, one ${type}`, `${name} ${name === "a" ? "b" : name}:${type}${members}`],
        [`${name.length} letters, one ${type}, nullable`, `${name} ${name === "a" ? "b" : name}:${type}${members}?`],
      ];
    }),
  ]),
  ["two resources", "zebra name:text; apple weight:integer"],
];

/** In turns: their numbers have no divisor in common, so that each name meets both. */
const databases = ["sqlite", "postgres"] as const;

describe.each(languages)("%s", (language) => {
  test("every emission is a fixpoint of the formatter", async () => {
    const folder = path.join(root, language);
    for (const [index, [, resource]] of resources.entries()) {
      const name = names[index % names.length] ?? "a";
      const database = databases[index % databases.length];
      const tree = await treeOf({ language, name: `${name.slice(0, 28)}${index}`, database, resource });
      writeTree(only(tree, /\.json$/), folder);
      writeTree(only(tree, /\.(rs|go|ts)$/), path.join(folder, "src", String(index)));
    }
    expect(complaints(language, folder).slice(0, 4000)).toBe("");
  }, 120_000);

  test("so is every combination, manifests and migrations included", async () => {
    const folder = path.join(root, `${language}-combinations`);
    const emitted = combinations.filter((combination) => combination.language === language);
    for (const [index, combination] of emitted.entries()) {
      const tree = await treeOfCombination(combination);
      writeTree(only(tree, /\.json$/), folder);
      // What is not SQLite's own is for a server of the other database to read, in the slow tests.
      const pattern = combination.database === "sqlite" ? /\.(rs|go|ts|mod|sql)$/ : /\.(rs|go|ts|mod)$/;
      writeTree(only(tree, pattern), path.join(folder, "src", String(index)));
    }
    expect(emitted.length).toBeGreaterThan(3);
    expect(complaints(language, folder).slice(0, 4000)).toBe("");
  });
});

/** biome takes one root configuration only, so all trees share that of the last. */
const only = (tree: Tree, pattern: RegExp): Tree => new Map([...tree].filter(([path]) => pattern.test(path)));
