import { createHash } from "node:crypto";
import { compose } from "./compose/compose.ts";
import { draw } from "./compose/draw.ts";
import { selectLayers } from "./compose/stack.ts";
import { stepsFor } from "./compose/steps.ts";
import type { Answers } from "./decide/questions.ts";
import { checkTarget } from "./edges/disk.ts";
import { perform } from "./edges/perform.ts";
import { layerExists, readLayers } from "./edges/templates.ts";
import type { Blueprint } from "./model/blueprint.ts";
import type { Choices } from "./model/choices.ts";
import type { Commands } from "./model/manifest.ts";
import type { Step } from "./model/step.ts";
import { version } from "./version.ts";

export interface Order {
  readonly answers: Answers;
  readonly choices: Choices & { readonly name: string };
  /** Absolute path of the folder to emit into. */
  readonly target: string;
  readonly dryRun: boolean;
  readonly git: boolean;
  /** Whether files of the same name in the target may be written over. */
  readonly force: boolean;
}

export interface Outcome {
  readonly blueprint: Blueprint;
  readonly commands: Commands;
  /** What was done, or in a dry run what would be. */
  readonly steps: readonly Step[];
  /** Why there is no first commit, when one was wanted. */
  readonly note: string | undefined;
}

/**
 * Answers are decided into a blueprint, the blueprint selects layers, layers stack into a file tree, the tree is written.
 * @throws Problem when an answer, a name or the target is unusable; nothing is written then.
 */
export async function scaffold(order: Order): Promise<Outcome> {
  checkTarget(order.target, order.force);
  const blueprint = draw(order.answers, order.choices, version, layerExists);
  const layers = await readLayers(blueprint.language, selectLayers(blueprint, layerExists));
  const { tree, commands } = compose(blueprint, layers, sha256);
  const git = order.git ? await (await import("./edges/commands.ts")).gitState(order.target) : "unwanted";
  const steps = stepsFor(tree, git);
  if (!order.dryRun) await perform(steps, tree, order.target, order.force);
  return { blueprint, commands, steps, note: notes[git] };
}

const notes = {
  absent: "git is not installed, so there is no repository yet.",
  inside: "The folder is inside a repository, so it takes part in that one.",
  anonymous: "git does not know your name, so nothing is committed yet.",
  ready: undefined,
  unwanted: undefined,
} as const;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
