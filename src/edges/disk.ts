import path from "node:path";
import fs from "fs-extra";
import type { Tree } from "../model/tree.ts";
import { Problem } from "../problem.ts";

/**
 * @throws Problem when emission into `target` would touch something of the user's.
 */
export async function checkTarget(target: string, force: boolean): Promise<void> {
  const status = await fs.stat(target).catch(() => undefined);
  if (!status) return;
  if (!status.isDirectory()) throw new Problem(`${target} is a file.`, "Name a folder that does not exist yet.");
  if (!force && (await fs.readdir(target)).length > 0) {
    throw new Problem(
      `${target} is not empty.`,
      "Name a folder that is new or empty, or add --force to write over what has the same name.",
    );
  }
}

/** A sibling of the target that holds everything until all of it is there. */
export interface Staging {
  readonly folder: string;
  write(tree: Tree, path: string): Promise<void>;
  /** Moves everything into place: one rename when the target does not exist. */
  commit(): Promise<void>;
  /** Removes what was staged; safe to call at any time, also from a signal handler. */
  discard(): void;
}

export async function stage(target: string): Promise<Staging> {
  const parent = path.dirname(target);
  await fs.ensureDir(parent);
  const folder = await fs.mkdtemp(path.join(parent, `.${path.basename(target)}.groundwork-`));
  return {
    folder,
    async write(tree, file) {
      const { content, executable } = treeFile(tree, file);
      await fs.outputFile(path.join(folder, file), content, { mode: executable ? 0o755 : 0o644 });
    },
    async commit() {
      await fs.chmod(folder, 0o755);
      if (await fs.pathExists(target)) await moveInto(folder, target);
      else await fs.rename(folder, target);
    },
    discard: () => fs.removeSync(folder),
  };
}

/** An existing folder keeps its place: a shell may stand in it. */
async function moveInto(folder: string, target: string): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    const [from, to] = [path.join(folder, name), path.join(target, name)];
    const merges =
      (await fs.pathExists(to)) && (await fs.stat(to)).isDirectory() && (await fs.stat(from)).isDirectory();
    if (merges) await moveInto(from, to);
    else await fs.move(from, to, { overwrite: true });
  }
  await fs.remove(folder);
}

function treeFile(tree: Tree, file: string) {
  const found = tree.get(file);
  if (!found) throw new Error(`${file} is not in the tree.`);
  return found;
}
