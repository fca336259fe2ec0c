import fs from "node:fs";
import path from "node:path";
import type { Edit } from "../model/workspace.ts";
import { Problem } from "../problem.ts";
import { makeFolders, removeEmpty } from "./disk.ts";
import { asProblem } from "./faults.ts";
import { stagingName, sweep } from "./leftovers.ts";
import { realPlace } from "./real-place.ts";
import { textOf } from "./workspace/places.ts";

/** A file of the user's repository that is about to be replaced, or made, in one go. */
export interface Change {
  /**
   * Puts the new text in its place by one rename, and returns what puts the old file back.
   * @throws Problem when the file is no longer what it was read as
   */
  commit(): () => void;
  /** Removes what was staged; safe to call at any time. */
  discard(): void;
}

/** Stages the new text beside the file, with its rights; a link keeps pointing at what it points at. */
export function stageChange(target: string, edit: Edit): Change {
  const named = path.resolve(realPlace(target), edit.path);
  const { before } = edit;
  return mended(named, () => {
    const made = before === undefined ? makeFolders(path.dirname(named)) : [];
    const file = before === undefined ? realPlace(named) : fs.realpathSync(named);
    const folder = path.dirname(file);
    sweep(folder);
    const root = path.join(folder, stagingName());
    const [staged, kept] = [path.join(root, "new"), path.join(root, "old")];
    fs.mkdirSync(root);
    fs.writeFileSync(staged, edit.after);
    if (before !== undefined) fs.chmodSync(staged, fs.statSync(file).mode);
    return {
      commit: () =>
        mended(named, () => {
          if (textOf(file) !== before) {
            throw new Problem(`${named} was changed by something else meanwhile.`, "Run again.");
          }
          if (before === undefined) {
            fs.renameSync(staged, file);
            return () => fs.renameSync(file, staged);
          }
          fs.copyFileSync(file, kept);
          fs.renameSync(staged, file);
          return () => fs.renameSync(kept, file);
        }),
      discard() {
        fs.rmSync(root, { recursive: true, force: true });
        for (const folder of made.toReversed()) removeEmpty(folder);
      },
    };
  });
}

function mended<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asProblem(error, file);
  }
}
