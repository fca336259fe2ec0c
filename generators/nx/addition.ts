import path from "node:path";
import { change, refuseDirt } from "../../src/change.ts";
import { type Addition, changeOf, refuseConflicts, said } from "../additions.ts";
import { editsBelow } from "../border.ts";
import type { Tree } from "./tree.ts";

/**
 * `nx g create-groundwork:resource` and `:ci`: the merge is planned on what is on the disk, and written through Nx's tree.
 * @returns what Nx calls when all is written; it fails when conflicts wait for a person
 */
export async function add(addition: Addition, tree: Tree, options: Readonly<Record<string, unknown>>) {
  const order = changeOf(addition, options, tree.root);
  if (options.force !== true) await refuseDirt(order.folder);
  const outcome = await change({ ...order, dryRun: true, force: true });
  const folder = path.relative(tree.root, outcome.folder).split(path.sep).join("/");
  const inTree = (file: string) => path.posix.join(folder, file);
  for (const [file, { content, executable }] of outcome.writes) {
    tree.write(inTree(file), content, { mode: executable ? 0o755 : 0o644 });
  }
  for (const { file, after } of editsBelow(tree.root, outcome.folder, outcome.edits)) tree.write(file, after);
  for (const { kind, path: file } of outcome.steps) if (kind === "remove") tree.delete(inTree(file));
  return () => {
    process.stdout.write(`\n${said(outcome, tree.root)}\n`);
    refuseConflicts(outcome);
  };
}
