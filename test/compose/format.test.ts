import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fieldTypes } from "../../src/model/resource.ts";
import type { Tree } from "../../src/model/tree.ts";
import { everyType, keywords, languages, treeOf, writeTree } from "../support/emit.ts";
import { toolchain } from "../support/toolchains.ts";

/** What a language's formatter finds to change below a folder; nothing when the emission is a fixpoint. */
const formatters = {
  rust: (folder: string) =>
    run(
      "rustfmt",
      ["--check", "--edition", "2024", "--config", "skip_children=false", ...sources(folder, ".rs")],
      folder,
      "rust",
    ),
  go: (folder: string) => run("gofmt", ["-l", "."], folder, "go"),
  typescript: (folder: string) => run(biome, ["format", "."], folder, "typescript"),
} as const;

const biome = path.join(import.meta.dirname, "../../node_modules/.bin/biome");

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

describe.each(languages)("%s", (language) => {
  test("every emission is a fixpoint of the formatter", async () => {
    const folder = path.join(root, language);
    for (const [index, [, resource]] of resources.entries()) {
      const name = names[index % names.length] ?? "a";
      const tree = await treeOf({ language, name: `${name.slice(0, 28)}${index}`, resource });
      writeTree(only(tree, /\.json$/), folder);
      writeTree(only(tree, /\.(rs|go|ts)$/), path.join(folder, "src", String(index)));
    }
    const found = formatters[language](folder);
    expect(found.slice(0, 4000)).toBe("");
  });
});

/** biome takes one root configuration only, so all trees share that of the last. */
const only = (tree: Tree, pattern: RegExp): Tree => new Map([...tree].filter(([path]) => pattern.test(path)));

const sources = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(ending));

function run(file: string, args: readonly string[], cwd: string, language: (typeof languages)[number]): string {
  try {
    return execFileSync(file, args, {
      cwd,
      env: toolchain(language),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 << 20,
    })
      .replace(/^(Checked|Formatted) .*$/gm, "")
      .trim();
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}
