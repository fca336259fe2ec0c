import type { Step } from "../model/step.ts";
import type { Tree } from "../model/tree.ts";
import { run } from "./commands.ts";
import { stage } from "./disk.ts";

/** Does the steps in a staging folder beside the target and moves the whole into place; on any fault or signal nothing is left. */
export async function perform(steps: readonly Step[], tree: Tree, target: string): Promise<void> {
  const staging = await stage(target);
  process.once("exit", staging.discard);
  try {
    for (const step of steps) {
      if (step.kind === "write") await staging.write(tree, step.path);
      else await run(step.command, staging.folder);
    }
    await staging.commit();
  } finally {
    staging.discard();
    process.off("exit", staging.discard);
  }
}
