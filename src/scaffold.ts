import { hash } from "node:crypto";
import { compose } from "./compose/compose.ts";
import { draw, type Pinned } from "./compose/draw.ts";
import { selectLayers } from "./compose/stack.ts";
import { stepsFor } from "./compose/steps.ts";
import { remarks } from "./compose/workspace.ts";
import type { Answers } from "./decide/questions.ts";
import { checkFile, checkTarget, place } from "./edges/disk.ts";
import { perform } from "./edges/perform.ts";
import { layerExists, readLayers } from "./edges/templates.ts";
import { added } from "./edges/workspace/at-root.ts";
import { survey } from "./edges/workspace/survey.ts";
import type { Blueprint } from "./model/blueprint.ts";
import type { Choices } from "./model/choices.ts";
import type { Commands } from "./model/manifest.ts";
import type { Step } from "./model/step.ts";
import type { Tree } from "./model/tree.ts";
import type { Edit } from "./model/workspace.ts";
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
  /** A folder unless said; `-` hands the archive back instead of writing it. */
  readonly output?: Output;
  /** Whether it takes part in the workspaces above the target; it does unless this is false. */
  readonly workspace?: boolean;
}

export const outputs = ["dir", "tar", "zip", "-"] as const;
export type Output = (typeof outputs)[number];

export interface Outcome {
  readonly blueprint: Blueprint;
  readonly commands: Commands;
  /** What was done, or in a dry run what would be. */
  readonly steps: readonly Step[];
  /** Why there is no first commit, when one was wanted. */
  readonly note: string | undefined;
  /** All of it in one file, when that was wanted. */
  readonly archive?: Uint8Array;
  /** What was found above the target, in sentences. */
  readonly findings?: readonly string[];
}

/**
 * Answers are decided into a blueprint, the blueprint selects layers, layers stack into a file tree, the tree is written.
 * @throws Problem when an answer, a name or the target is unusable; nothing is written then.
 */
export async function scaffold(order: Order): Promise<Outcome> {
  const { output = "dir", target, force } = order;
  if (output === "dir") checkTarget(target, force);
  else if (output !== "-") checkFile(`${target}.${output}`, force);
  const { blueprint, tree, commands, edits, findings } = await drawn({
    ...order,
    target: output === "dir" ? target : undefined,
  });
  if (output !== "dir")
    return { blueprint, commands, note: undefined, ...(await archived(order, output, blueprint.name, tree)) };
  const state = order.git ? await (await import("./edges/commands.ts")).gitState(target) : "unwanted";
  const isMember = (blueprint.workspace?.memberOf ?? []).length > 0;
  const git = isMember && (state === "ready" || state === "anonymous") ? "theirs" : state;
  const steps = stepsFor(tree, git, edits);
  if (!order.dryRun) await perform(steps, tree, target, force, edits);
  return { blueprint, commands, steps, note: notes[git], findings };
}

export interface Drawn {
  readonly blueprint: Blueprint;
  readonly tree: Tree;
  readonly commands: Commands;
  /** What takes it into the workspaces above the target. */
  readonly edits: readonly Edit[];
  /** Path from the service → what goes there, at the root of the repository around it. */
  readonly atRoot: ReadonlyMap<string, string>;
  readonly findings: readonly string[];
}

interface Wish extends Pick<Order, "answers" | "choices" | "workspace"> {
  /** Without one nothing is above it. */
  readonly target?: string | undefined;
}

/**
 * The tree that `scaffold` writes, for a host that writes by itself; or that of a repository that is there.
 * @throws Problem when an answer, a name or a root above the target is unusable
 */
export async function drawn({ answers, choices, target, workspace = true }: Wish, pinned?: Pinned): Promise<Drawn> {
  const alone = draw(answers, choices, version, layerExists, pinned);
  const above = target === undefined ? undefined : await survey(target, alone, workspace);
  const blueprint = above?.workspace ? { ...alone, workspace: above.workspace } : alone;
  const layers = await readLayers(blueprint.language, selectLayers(blueprint, layerExists));
  const composition = compose(blueprint, layers, sha256);
  const findings = [...(above?.notes ?? []), ...remarks(blueprint, layers.layers)];
  const edits =
    target === undefined ? [] : [...(above?.edits(composition.tree) ?? []), ...added(target, composition.atRoot)];
  return { blueprint, ...composition, edits, findings };
}

async function archived({ target, force, dryRun }: Order, output: Exclude<Output, "dir">, root: string, tree: Tree) {
  const { pack } = await import("./edges/archive.ts");
  const archive = pack(tree, root, output === "-" ? "tar" : output);
  const file = output === "-" ? output : `${target}.${output}`;
  if (!dryRun && output !== "-") place(file, archive, force);
  return { archive, steps: [{ kind: "write", path: file, bytes: archive.length }] satisfies Step[] };
}

const notes = {
  absent: "git is not installed, so there is no repository yet.",
  inside: "The folder is inside a repository, so it takes part in that one.",
  anonymous: "git does not know your name, so nothing is committed yet.",
  ready: undefined,
  unwanted: undefined,
  theirs: "The workspace is in no repository yet, so nothing is committed.",
} as const;

export const sha256 = (text: string) => hash("sha256", text);
