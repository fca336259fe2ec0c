import path from "node:path";
import { mayAsk } from "../../src/edges/presence.ts";
import { Problem } from "../../src/problem.ts";
import { drawn } from "../../src/scaffold.ts";
import { editsBelow } from "../border.ts";
import { asked, emitted, type Given, orderOf } from "../service.ts";
import { registerPlugin } from "./nx-json.ts";
import { isInstalledAbove } from "./plugin.ts";
import { inputsOf } from "./schema.ts";
import type { Tree } from "./tree.ts";

/**
 * `nx g create-groundwork:service`: the emission goes through Nx's tree, so that a dry run lists it.
 * @returns what Nx calls when all is written
 */
export async function service(tree: Tree, options: Readonly<Record<string, unknown>>): Promise<() => void> {
  const given = await completed(inputsOf(options), tree.root);
  const { target, ...order } = orderOf(given, tree.root);
  const folder = path.relative(tree.root, target).split(path.sep).join("/");
  if (tree.exists(folder)) {
    throw new Problem(`${folder} exists.`, "Name a folder that does not exist yet.");
  }
  const { blueprint, tree: files, edits, findings } = await drawn({ ...order, target });
  const lists = editsBelow(tree.root, target, edits);
  for (const { file, before } of lists) refuseUnwritten(tree, file, before);
  for (const [file, { content, executable }] of files) {
    tree.write(`${folder}/${file}`, content, { mode: executable ? 0o755 : 0o644 });
  }
  for (const { file, after } of lists) tree.write(file, after);
  registerPlugin(tree);
  const listed = lists.map((list) => ({
    ...list,
    kind: list.before === undefined ? ("create" as const) : ("edit" as const),
  }));
  const setup = isInstalledAbove(blueprint.language, blueprint.workspace) ? "" : "setup, then -t ";
  const next = `Next: npx nx run-many -p ${blueprint.name} -t ${setup}lint,test,build`;
  return () => void process.stdout.write(`\n${emitted({ blueprint, findings, lists: listed }, folder)}\n${next}\n`);
}

/** Roots are read from the disk: what another generator has put into the tree for one must not be lost. */
function refuseUnwritten(tree: Tree, file: string, before: string | undefined): void {
  if ((tree.read(file, "utf-8") ?? undefined) === before) return;
  throw new Problem(
    `${file} has changes of another generator that are not written yet.`,
    "Run the generators one after the other.",
  );
}

/** A person who has named no more than a folder is interviewed. */
async function completed(given: Given, root: string): Promise<Given> {
  const silent = process.env.NX_INTERACTIVE === "false" || !mayAsk(new Set());
  if (silent || Object.keys(given).some((name) => name !== "folder")) return given;
  const { answers, choices, folder } = await asked(given, root);
  return { ...answers, ...choices, folder };
}
