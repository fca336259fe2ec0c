import { interruptible } from "../interruption.ts";
import type { Step } from "../model/step.ts";
import type { Tree } from "../model/tree.ts";
import type { Edit } from "../model/workspace.ts";
import { type Staging, stage } from "./disk.ts";
import { saying } from "./progress.ts";
import { type Change, stageChange } from "./rewrite.ts";

/** Does the steps in a staging folder and moves the whole into place; on any fault or signal nothing is left. */
export async function perform(
  steps: readonly Step[],
  tree: Tree,
  target: string,
  force: boolean,
  edits: readonly Edit[] = [],
): Promise<void> {
  await withOutside(target, edits, async (staging, signal) => {
    await carryOut(steps, tree, staging, signal);
    return () => staging.commit(force);
  });
}

type Fill = (staging: Staging, signal: AbortSignal) => Promise<() => void>;

async function withOutside(target: string, edits: readonly Edit[], fill: Fill): Promise<void> {
  const changes: Change[] = [];
  const discard = () => {
    for (const change of changes) change.discard();
  };
  process.once("exit", discard);
  try {
    await staged(target, async (staging, signal) => {
      const place = await fill(staging, signal);
      for (const edit of edits) changes.push(stageChange(target, edit));
      return () => together(changes, place);
    });
  } finally {
    discard();
    process.off("exit", discard);
  }
}

/** The files outside change with the folder's coming into place, or not at all. */
function together(changes: readonly Change[], place: () => void): void {
  const undo: (() => void)[] = [];
  try {
    for (const change of changes) undo.push(change.commit());
    place();
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw error;
  }
}

/** @param fill fills the staging folder, and says how it is moved into place */
async function staged(target: string, fill: Fill): Promise<void> {
  await interruptible(async (signal) => {
    const staging = stage(target);
    process.once("exit", staging.discard);
    try {
      const commit = await fill(staging, signal);
      // The last moment at which a signal that has come in meanwhile is noticed.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      commit();
    } finally {
      staging.discard();
      process.off("exit", staging.discard);
    }
  });
}

/** Writes and removes files of a folder that is there; on any fault or signal everything is as it was. */
export async function rewrite(
  target: string,
  writes: Tree,
  removes: readonly string[],
  edits: readonly Edit[] = [],
): Promise<void> {
  await withOutside(target, edits, async (staging) => {
    for (const path of writes.keys()) staging.write(writes, path);
    return () => staging.commit(true, removes);
  });
}

async function carryOut(steps: readonly Step[], tree: Tree, staging: Staging, signal: AbortSignal): Promise<void> {
  for (const step of steps) {
    signal.throwIfAborted();
    if (step.kind === "write") staging.write(tree, step.path);
    if (step.kind === "run")
      await saying(step.why, (await import("./commands.ts")).run(step.command, staging.folder, signal));
  }
}
