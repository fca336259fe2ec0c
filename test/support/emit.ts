import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readAnswers } from "../../src/answers.ts";
import { compose } from "../../src/compose/compose.ts";
import { draw } from "../../src/compose/draw.ts";
import { selectLayers } from "../../src/compose/stack.ts";
import { layerExists, readLayers } from "../../src/edges/templates.ts";
import type { Layers } from "../../src/model/layer.ts";
import type { Tree } from "../../src/model/tree.ts";
import type { Language } from "../../src/model/verdict.ts";

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
  const layers = await layersOf(blueprint.language, selectLayers(blueprint, layerExists));
  return compose(blueprint, layers, () => "").tree;
}

const read = new Map<string, Promise<Layers>>();

/** Each is read once, since tests draw thousands of trees of the same ones. */
async function layersOf(language: Language, names: readonly string[]): Promise<Layers> {
  const each = names.map((name) => {
    const layer = read.get(`${language} ${name}`) ?? readLayers(language, [name]);
    read.set(`${language} ${name}`, layer);
    return layer;
  });
  const found = await Promise.all(each);
  return { layers: found.flatMap(({ layers }) => layers), pins: found[0]?.pins ?? {} };
}

export function writeTree(tree: Tree, folder: string): void {
  for (const [file, { content, executable }] of tree) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content, { mode: executable ? 0o755 : 0o644 });
  }
}
