import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";
import type { Tree } from "../model/tree.ts";
import { Problem } from "../problem.ts";
import { asProblem, codeOf } from "./faults.ts";
import { stagedBy, stagingName, sweep } from "./leftovers.ts";

/**
 * @throws Problem when emission into `target` would touch something of the user's.
 */
export function checkTarget(target: string, force: boolean): void {
  const entry = statusOf(target, lstatSync);
  if (!entry) return;
  const status = statusOf(target, statSync);
  if (!status) throw new Problem(`${target} is a link to nothing.`, "Remove it, or name another folder.");
  if (!status.isDirectory()) throw new Problem(`${target} is a file.`, "Name a folder that does not exist yet.");
  refuseContent(target, force);
}

/** A folder to stage in until all of it is there. */
export interface Staging {
  readonly folder: string;
  write(tree: Tree, path: string): void;
  /**
   * Moves everything into place in one go, which no signal can split.
   * @param removes files of an existing target that go in the same moment
   * @throws Problem when something has come to stand there meanwhile; everything is as it was then.
   */
  commit(force: boolean, removes?: readonly string[]): void;
  /** Removes what was staged; safe to call at any time, also as the process ends. */
  discard(): void;
}

/**
 * Stages beside a target that does not exist, so that one rename moves it into place, and inside one that does:
 * that may be all that the user may write to, or a disk of its own.
 */
export function stage(target: string): Staging {
  return mended(target, () => {
    const exists = existsSync(target);
    const parent = exists ? target : dirname(target);
    const made = makeFolders(parent);
    sweep(parent);
    const root = join(parent, stagingName());
    const [folder, replaced] = [join(root, "tree"), join(root, "replaced")];
    mkdirSync(root);
    mkdirSync(folder);
    const within = new Set(["."]);
    return {
      folder,
      write: (tree, file) => mended(target, () => writeFile(folder, tree, file, within)),
      commit: (force, removes = []) =>
        mended(target, () => (exists ? mergeInto(target, folder, replaced, force, removes) : moveTo(target, folder))),
      discard() {
        // Once all is in place only an empty folder is left, and for that Node need not load what removes whole trees.
        if (!removeEmpty(root)) rmSync(root, { recursive: true, force: true });
        for (const folder of made.toReversed()) removeEmpty(folder);
      },
    };
  });
}

/** @throws Problem when the file is there already, and may not be written over. */
export function checkFile(file: string, force: boolean): void {
  const status = statusOf(file, lstatSync);
  if (status?.isDirectory()) throw new Problem(`${file} is a folder.`, "Move it away, or name another folder.");
  if (status && !force) throw new Problem(`${file} exists.`, "Name another folder, or add --force to write over it.");
}

/**
 * Puts one file in its place in one go, which no signal can split.
 * @throws Problem when something has come to stand there meanwhile, or the disk does not take it; nothing is left then.
 */
export function place(file: string, bytes: Uint8Array, force: boolean): void {
  mended(file, () => {
    const parent = dirname(file);
    const made = makeFolders(parent);
    sweep(parent);
    const staged = join(parent, stagingName());
    try {
      writeFileSync(staged, bytes);
      checkFile(file, force);
      renameSync(staged, file);
    } catch (error) {
      rmSync(staged, { force: true });
      for (const folder of made.toReversed()) removeEmpty(folder);
      throw error;
    }
  });
}

/** @param within folders of the tree that are there already */
function writeFile(folder: string, tree: Tree, file: string, within: Set<string>): void {
  const found = tree.get(file);
  if (!found) throw new Error(`${file} is not in the tree.`);
  const parent = posix.dirname(file);
  if (!within.has(parent)) mkdirSync(join(folder, parent), { recursive: true });
  within.add(parent);
  writeFileSync(join(folder, file), found.content, { mode: found.executable ? 0o755 : 0o644 });
}

/** A rename fails when the target has become a file, or a folder with something in it. */
function moveTo(target: string, folder: string): void {
  try {
    renameSync(folder, target);
  } catch (error) {
    if (["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes(codeOf(error)) || existsSync(target)) {
      throw new Problem(
        `${target} was made by something else meanwhile.`,
        "Look at what is there, or name another folder.",
      );
    }
    throw error;
  }
}

/** An existing folder keeps its place: a shell may stand in it. */
function mergeInto(target: string, folder: string, replaced: string, force: boolean, removes: readonly string[]): void {
  const unlock = lock(target);
  const undo: (() => void)[] = [];
  try {
    refuseContent(target, force);
    mkdirSync(replaced);
    merge(folder, target, replaced, undo);
    for (const file of removes) remove(join(target, file), replaced, undo);
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw error;
  } finally {
    unlock();
  }
  for (const file of removes) removeEmptyAbove(target, dirname(file));
}

function remove(place: string, replaced: string, undo: (() => void)[]): void {
  const copy = join(replaced, String(undo.length));
  renameSync(place, copy);
  undo.push(() => renameSync(copy, place));
}

/** A folder that held nothing but what is gone goes with it. */
function removeEmptyAbove(target: string, folder: string): void {
  if (folder === ".") return;
  removeEmpty(join(target, folder));
  removeEmptyAbove(target, dirname(folder));
}

function merge(from: string, to: string, replaced: string, undo: (() => void)[]): void {
  for (const name of readdirSync(from)) {
    const [source, place] = [join(from, name), join(to, name)];
    const there = statusOf(place, lstatSync);
    const isFolder = lstatSync(source).isDirectory();
    if (there && there.isDirectory() !== isFolder) {
      throw new Problem(
        `${place} is ${kindOf(there)}, and ${isFolder ? "a folder" : "a file"} has to go there.`,
        "Move it away, or name another folder.",
      );
    }
    if (there && isFolder) {
      merge(source, place, replaced, undo);
      continue;
    }
    if (there) {
      const copy = join(replaced, String(undo.length));
      cpSync(place, copy, { verbatimSymlinks: true, preserveTimestamps: true });
      undo.push(() => renameSync(copy, place));
    }
    renameSync(source, place);
    undo.push(() => renameSync(place, source));
  }
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) return "a folder";
  return status.isSymbolicLink() ? "a link" : "a file";
}

const lockName = ".groundwork-lock";

/** Keeps other runs out of an existing folder while this one moves its files there; a killed run's lock is taken over. */
function lock(target: string): () => void {
  const file = join(target, lockName);
  const holder = readLock(file);
  if (holder !== undefined && stagedBy(holder) !== "a run") rmSync(file, { force: true });
  try {
    writeFileSync(file, stagingName(), { flag: "wx" });
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw anotherRun(target);
    throw error;
  }
  return () => rmSync(file, { force: true });
}

function readLock(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** A repository with nothing in it is empty, and so is a folder in which only a killed run was. */
function refuseContent(target: string, force: boolean): void {
  const names = mended(target, () => readdirSync(target));
  const content = names.filter((name) => name !== ".git" && name !== lockName && stagedBy(name) === undefined);
  if (content.length > 0 && !force) {
    throw new Problem(
      `${target} is not empty.`,
      "Name a folder that is new or empty, or add --force to write over what has the same name.",
    );
  }
}

const anotherRun = (target: string) =>
  new Problem(`Another run is writing into ${target}.`, "Wait until it is done, or name another folder.");

/** Makes what is missing of a folder and those above it, and returns them; one by one, because `recursive` hides why it fails. */
export function makeFolders(folder: string): string[] {
  if (existsSync(folder)) return [];
  const above = makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
    return [...above, folder];
  } catch (error) {
    // Another run may have made it meanwhile.
    if (codeOf(error) === "EEXIST") return above;
    for (const made of above.toReversed()) removeEmpty(made);
    throw error;
  }
}

/** Whether the folder is gone; something else may have come into it. */
export function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === "") throw error;
    return false;
  }
}

function statusOf(place: string, look: (place: string) => Stats): Stats | undefined {
  try {
    return look(place);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw asProblem(error, place);
  }
}

function mended<T>(target: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asProblem(error, target);
  }
}
