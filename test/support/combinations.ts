import { existsSync } from "node:fs";
import type { Tree } from "../../src/model/tree.ts";
import { everyType, keywords, treeOf } from "./emit.ts";

/** Options of everything that a repository can differ in; `undefined` is what nobody answered. */
const dimensions = {
  language: ["rust", "go", "typescript"],
  database: ["sqlite", "postgres"],
  ci: ["github", "gitlab", undefined],
  license: ["mit", "apache-2.0", "proprietary", undefined],
  team: ["many", "solo", undefined],
  footprint: ["tight", undefined],
  shape: ["simple", "every type", "keywords"],
} as const;

type Dimension = keyof typeof dimensions;
export type Combination = { readonly [D in Dimension]: (typeof dimensions)[D][number] } & {
  readonly owner: string | undefined;
};

/** So few that a review reads them, and so chosen that every two options meet in one of them. */
export const combinations: readonly Combination[] = pairwise().map((combination, index) => ({
  ...combination,
  // An owner needs a team or a licence; every other repository does without one.
  owner: index % 2 === 0 && (combination.team === "many" || combination.license) ? "@acme/backend" : undefined,
}));

/** All of them, with an owner wherever one is asked for, and the resource whose fields bring the most files. */
export const everyCombination: readonly Combination[] = product()
  .filter(({ shape }) => shape === "every type")
  .map((each) => ({ ...each, owner: each.team === "many" || each.license ? "@acme/backend" : undefined }));

const resources = { simple: "item name:text quantity:integer", "every type": everyType, keywords } as const;

/** The repository of the service `billing`. */
export function treeOfCombination({ shape, ...choices }: Combination): Promise<Tree> {
  const answers = Object.entries(choices).filter(([, option]) => option !== undefined);
  return treeOf({ ...Object.fromEntries(answers), name: "billing", resource: resources[shape] });
}

/** Only what was said, as it is written on a command line. */
export function spelled(combination: Combination): string {
  return Object.entries(combination)
    .filter(([, option]) => option !== undefined)
    .map(([dimension, option]) => `${dimension}=${option}`)
    .join(" ");
}

function isBuilt({ language, database }: Chosen): boolean {
  return existsSync(`templates/${language}/database-${database}`);
}

type Chosen = Omit<Combination, "owner">;

/** Greedy: the next repository is always the one in which most pairs meet for the first time. */
function pairwise(): Chosen[] {
  const all = product();
  const open = new Set(all.flatMap(pairsOf));
  const rows: Chosen[] = [];
  while (open.size > 0) {
    let best: { readonly row: Chosen; readonly fresh: number } | undefined;
    for (const row of all) {
      const fresh = pairsOf(row).filter((pair) => open.has(pair)).length;
      if (fresh > (best?.fresh ?? 0)) best = { row, fresh };
    }
    if (!best) throw new Error("A pair meets nowhere.");
    for (const pair of pairsOf(best.row)) open.delete(pair);
    rows.push(best.row);
  }
  return rows;
}

function product(): Chosen[] {
  const rows = Object.entries(dimensions).reduce<object[]>(
    (before, [dimension, options]) =>
      before.flatMap((row) => options.map((option) => ({ ...row, [dimension]: option }))),
    [{}],
  );
  return (rows as Chosen[]).filter(isBuilt);
}

function pairsOf(row: Chosen): string[] {
  const said = Object.entries(row).map(([dimension, option]) => `${dimension}=${option}`);
  return said.flatMap((one, index) => said.slice(index + 1).map((other) => `${one} ${other}`));
}
