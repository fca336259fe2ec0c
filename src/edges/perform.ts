import { interruptible } from "../interruption.ts";
import type { Step } from "../model/step.ts";
import type { Tree } from "../model/tree.ts";
import { type Staging, stage } from "./disk.ts";
import { saying } from "./progress.ts";

/** Does the steps in a staging folder and moves the whole into place; on any fault or signal nothing is left. */
export async function perform(steps: readonly Step[], tree: Tree, target: string, force: boolean): Promise<void> {
  await staged(target, async (staging, signal) => {
    await carryOut(steps, tree, staging, signal);
    return () => staging.commit(force);
  });
}

/** @param fill fills the staging folder, and says how it is moved into place */
async function staged(
  target: string,
  fill: (staging: Staging, signal: AbortSignal) => Promise<() => void>,
): Promise<void> {
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
export async function rewrite(target: string, writes: Tree, removes: readonly string[]): Promise<void> {
  await staged(target, async (staging) => {
    for (const path of writes.keys()) staging.write(writes, path);
    return () => staging.commit(true, removes);
  });
}

async function carryOut(steps: readonly Step[], tree: Tree, staging: Staging, signal: AbortSignal): Promise<void> {
  for (const step of steps) {
    signal.throwIfAborted();
    if (step.kind === "write") staging.write(tree, step.path);
    else await saying(step.why, (await import("./commands.ts")).run(step.command, staging.folder, signal));
  }
}
