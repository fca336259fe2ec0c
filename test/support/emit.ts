import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readAnswers } from "../../src/answers.ts";
import { compose } from "../../src/compose/compose.ts";
import { draw } from "../../src/compose/draw.ts";
import { selectLayers } from "../../src/compose/stack.ts";
import { layerExists, readLayers } from "../../src/edges/templates.ts";
import type { Tree } from "../../src/model/tree.ts";

export const languages = ["rust", "go", "typescript"] as const;

/** Every type of field, each with its nullable twin. */
export const everyType = [
  "lab_report label:text note:text? weight_grams:integer depth:integer? price:money refund:money? fragile:boolean frozen:boolean?",
  "due:date returned:date? seen_at:timestamp checked_at:timestamp? owner_ref:uuid parent_ref:uuid?",
  "status:one_of(draft,sent,paid) stage:one_of(raw,done)?",
].join(" ");

/** Names that are keywords or built in somewhere: in a language, in its standard library or in SQL. */
export const keywords =
  "order type:text func:text? self:integer match:boolean class:date user:uuid select:money where:timestamp? async:text constructor:text range:integer? default:one_of(self,type,none)";

/** Draws a tree without touching the disk; the hash is left out. */
export async function treeOf(given: Record<string, unknown>): Promise<Tree> {
  const { answers, choices } = readAnswers({ name: "orders", ...given });
  const blueprint = draw(answers, { ...choices, name: choices.name ?? "orders" }, "0.0.0", layerExists);
  const layers = await readLayers(blueprint.language, selectLayers(blueprint, layerExists));
  return compose(blueprint, layers, () => "").tree;
}

export function writeTree(tree: Tree, folder: string): void {
  for (const [file, { content, executable }] of tree) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content, { mode: executable ? 0o755 : 0o644 });
  }
}
