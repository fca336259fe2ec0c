import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { parse as parseToml } from "smol-toml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tree } from "../../src/model/tree.ts";
import { Problem } from "../../src/problem.ts";
import { languages, treeOf, writeTree } from "../support/emit.ts";
import { complaints, firstParagraph, parseFiles } from "../support/formats.ts";
import { anyResources, modules, serviceNames, texts, wellFormedResources } from "../support/hostile.ts";

/** `FUZZ=50 npm test -- test/compose/hostile.test.ts` throws fifty times as much, from another seed each time. */
const times = Number(process.env.FUZZ || 1);
const seed = process.env.FUZZ ? undefined : 5;
const patience = { timeout: 60_000 * times };
const runs = (numRuns: number) => ({ numRuns: numRuns * times, ...(seed !== undefined && { seed }) });

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "hostile-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }), 120_000);

/** The tree, or nothing when the answers are refused in words. */
async function treeUnlessRefused(given: Record<string, unknown>): Promise<Tree | undefined> {
  try {
    return await treeOf(given);
  } catch (error) {
    if (error instanceof Problem && error.message && error.hint) return undefined;
    throw error;
  }
}

const oneSpace = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const textOf = (tree: Tree, file: string) => tree.get(file)?.content ?? "";

describe.each(languages)("%s", (language) => {
  test("text of the user's comes back as it was wherever it lands", patience, async () => {
    let emitted = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (description) => {
        const tree = await treeUnlessRefused({ language, description });
        if (!tree) return;
        emitted++;
        parseFiles(tree);
        const said = description.trim();
        expect(JSON.parse(textOf(tree, "openapi.json")).info.description).toBe(said);
        expect(JSON.parse(textOf(tree, ".groundwork.json")).answers.description).toBe(said);
        if (tree.has("Cargo.toml")) {
          expect(parseToml(textOf(tree, "Cargo.toml"))).toHaveProperty("package.description", said);
        }
        if (tree.has("package.json")) expect(JSON.parse(textOf(tree, "package.json")).description).toBe(said);
        expect(oneSpace(firstParagraph(textOf(tree, "README.md")))).toBe(oneSpace(said));
      }),
      runs(30),
    );
    expect(emitted).toBeGreaterThan(10);
  });

  test("resources of any names emit what parses, or are refused in words", patience, async () => {
    let emitted = 0;
    await fc.assert(
      fc.asyncProperty(anyResources, serviceNames, async (resource, name) => {
        const tree = await treeUnlessRefused({ language, name, resource });
        if (!tree) return;
        emitted++;
        parseFiles(tree);
      }),
      runs(30),
    );
    expect(emitted).toBeGreaterThan(3);
  });

  test("every source is as its formatter would have it, and every migration runs", patience, async () => {
    const folder = path.join(root, language);
    const samples = fc.sample(fc.tuple(wellFormedResources, serviceNames, texts, modules), runs(15));
    let emitted = 0;
    for (const [index, [resource, name, description, module]] of samples.entries()) {
      const given = { language, resource, name, description, ...(language === "go" && { module }) };
      const tree = await treeUnlessRefused(given);
      if (!tree) continue;
      emitted++;
      const kept = [...tree].filter(([file]) => /\.(rs|go|ts|sql|mod)$/.test(file));
      writeTree(new Map(kept), path.join(folder, String(index)));
    }
    expect(emitted).toBeGreaterThan(3);
    // biome takes one root configuration only, and all are the same.
    const configuration = (await treeOf({ language })).get("biome.json");
    if (configuration) writeTree(new Map([["biome.json", configuration]]), folder);
    expect(complaints(language, folder).slice(0, 4000)).toBe("");
  });
});

test.each(["name", "module", "resource", "language", "database", "kind", "stakes"])(
  "any text for %s is taken or refused in words",
  patience,
  async (key) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, fc.anything()), async (value) => {
        const tree = await treeUnlessRefused({ language: "go", [key]: value });
        if (tree) parseFiles(tree);
      }),
      runs(30),
    );
  },
);
