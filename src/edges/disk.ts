import fs from "node:fs";
import path from "node:path";
import type { Tree } from "../model/tree.ts";
import { Problem } from "../problem.ts";
import { asProblem, codeOf } from "./faults.ts";
import { stagedBy, stagingName, sweep } from "./leftovers.ts";

/**
 * @throws Problem when emission into `target` would touch something of the user's.
 */
export function checkTarget(target: string, force: boolean): void {
  const entry = statusOf(target, fs.lstatSync);
  if (!entry) return;
  const status = statusOf(target, fs.statSync);
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
    const exists = fs.existsSync(target);
    const parent = exists ? target : path.dirname(target);
    const made = makeFolders(parent);
    sweep(parent);
    const root = path.join(parent, stagingName());
    const [folder, replaced] = [path.join(root, "tree"), path.join(root, "replaced")];
    fs.mkdirSync(root);
    fs.mkdirSync(folder);
    return {
      folder,
      write: (tree, file) => mended(target, () => writeFile(folder, tree, file)),
      commit: (force, removes = []) =>
        mended(target, () => (exists ? mergeInto(target, folder, replaced, force, removes) : moveTo(target, folder))),
      discard() {
        fs.rmSync(root, { recursive: true, force: true });
        for (const folder of made.toReversed()) removeEmpty(folder);
      },
    };
  });
}

/** @throws Problem when the file is there already, and may not be written over. */
export function checkFile(file: string, force: boolean): void {
  const status = statusOf(file, fs.lstatSync);
  if (status?.isDirectory()) throw new Problem(`${file} is a folder.`, "Move it away, or name another folder.");
  if (status && !force) throw new Problem(`${file} exists.`, "Name another folder, or add --force to write over it.");
}

/**
 * Puts one file in its place in one go, which no signal can split.
 * @throws Problem when something has come to stand there meanwhile, or the disk does not take it; nothing is left then.
 */
export function place(file: string, bytes: Uint8Array, force: boolean): void {
  mended(file, () => {
    const parent = path.dirname(file);
    const made = makeFolders(parent);
    sweep(parent);
    const staged = path.join(parent, stagingName());
    try {
      fs.writeFileSync(staged, bytes);
      checkFile(file, force);
      fs.renameSync(staged, file);
    } catch (error) {
      fs.rmSync(staged, { force: true });
      for (const folder of made.toReversed()) removeEmpty(folder);
      throw error;
    }
  });
}

function writeFile(folder: string, tree: Tree, file: string): void {
  const found = tree.get(file);
  if (!found) throw new Error(`${file} is not in the tree.`);
  const place = path.join(folder, file);
  if (file.includes("/")) fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, found.content, { mode: found.executable ? 0o755 : 0o644 });
}

/** A rename fails when the target has become a file, or a folder with something in it. */
function moveTo(target: string, folder: string): void {
  try {
    fs.renameSync(folder, target);
  } catch (error) {
    if (["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes(codeOf(error)) || fs.existsSync(target)) {
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
    fs.mkdirSync(replaced);
    merge(folder, target, replaced, undo);
    for (const file of removes) remove(path.join(target, file), replaced, undo);
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw error;
  } finally {
    unlock();
  }
  for (const file of removes) removeEmptyAbove(target, path.dirname(file));
}

function remove(place: string, replaced: string, undo: (() => void)[]): void {
  const copy = path.join(replaced, String(undo.length));
  fs.renameSync(place, copy);
  undo.push(() => fs.renameSync(copy, place));
}

/** A folder that held nothing but what is gone goes with it. */
function removeEmptyAbove(target: string, folder: string): void {
  if (folder === ".") return;
  removeEmpty(path.join(target, folder));
  removeEmptyAbove(target, path.dirname(folder));
}

function merge(from: string, to: string, replaced: string, undo: (() => void)[]): void {
  for (const name of fs.readdirSync(from)) {
    const [source, place] = [path.join(from, name), path.join(to, name)];
    const there = statusOf(place, fs.lstatSync);
    const isFolder = fs.lstatSync(source).isDirectory();
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
      const copy = path.join(replaced, String(undo.length));
      fs.cpSync(place, copy, { verbatimSymlinks: true, preserveTimestamps: true });
      undo.push(() => fs.renameSync(copy, place));
    }
    fs.renameSync(source, place);
    undo.push(() => fs.renameSync(place, source));
  }
}

function kindOf(status: fs.Stats): string {
  if (status.isDirectory()) return "a folder";
  return status.isSymbolicLink() ? "a link" : "a file";
}

const lockName = ".groundwork-lock";

/** Keeps other runs out of an existing folder while this one moves its files there; a killed run's lock is taken over. */
function lock(target: string): () => void {
  const file = path.join(target, lockName);
  const holder = readLock(file);
  if (holder !== undefined && stagedBy(holder) !== "a run") fs.rmSync(file, { force: true });
  try {
    fs.writeFileSync(file, stagingName(), { flag: "wx" });
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw anotherRun(target);
    throw error;
  }
  return () => fs.rmSync(file, { force: true });
}

function readLock(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** A repository with nothing in it is empty, and so is a folder in which only a killed run was. */
function refuseContent(target: string, force: boolean): void {
  const names = mended(target, () => fs.readdirSync(target));
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
function makeFolders(folder: string): string[] {
  if (fs.existsSync(folder)) return [];
  const above = makeFolders(path.dirname(folder));
  try {
    fs.mkdirSync(folder);
    return [...above, folder];
  } catch (error) {
    // Another run may have made it meanwhile.
    if (codeOf(error) === "EEXIST") return above;
    for (const made of above.toReversed()) removeEmpty(made);
    throw error;
  }
}

/** Something else may have come into the folder. */
function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (codeOf(error) === "") throw error;
  }
}

function statusOf(place: string, look: (place: string) => fs.Stats): fs.Stats | undefined {
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
