import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { languages, treeOf, writeTree } from "../support/emit.ts";

const goldens = path.join(import.meta.dirname, "../golden");

/** Whole repositories, reviewed like code; `npm run golden` draws them anew. */
test.each(languages)("%s is emitted as its golden repository", async (language) => {
  const folder = path.join(goldens, language);
  const tree = await treeOf({
    language,
    name: "billing",
    kind: "crud_api",
    stakes: "money",
    experience: language,
    deadline: "months",
    resource: "invoice number:text amount:money due:date paid:boolean note:text?",
  });
  if (process.env.UPDATE_GOLDEN) {
    rmSync(folder, { recursive: true, force: true });
    writeTree(tree, folder);
  }
  expect([...tree.keys()]).toEqual(filesOf(folder));
  for (const [file, { content }] of tree) expect(content, file).toBe(readFileSync(path.join(folder, file), "utf8"));
});

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort((a, b) => (a < b ? -1 : 1));
}
