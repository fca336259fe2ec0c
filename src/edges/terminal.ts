import path from "node:path";
import type { Said } from "../answers.ts";
import { refused, replied, screenOf } from "../interview/flow.ts";
import type { Reply, Screen } from "../interview/screen.ts";
import { type State, start } from "../interview/state.ts";
import { Problem } from "../problem.ts";
import { checkTarget } from "./disk.ts";
import { nameOf } from "./folder.ts";
import { layerExists } from "./templates.ts";
import { openLines } from "./terminal-lines.ts";
import { openPrompts } from "./terminal-prompts.ts";

/** Something that shows a screen and waits for the reply. */
export interface Asker {
  /** @throws Interrupted when the person stops. */
  ask(screen: Screen): Promise<Reply>;
  close(): void;
}

export interface Manner {
  /** Numbered lines without redrawing, for screen readers; a dumb terminal can do no more. */
  readonly plain: boolean;
  /** Whether files of the same name in the folder may be written over. */
  readonly force: boolean;
  /** What folders are relative to; the working folder unless said. */
  readonly root?: string;
}

/**
 * Asks until the person accepts a verdict and its plan.
 * @throws Problem when the folder that was given cannot be written to
 * @throws Interrupted when the person stops
 */
export async function interview(
  said: Said,
  folder: string | undefined,
  { plain, force, root = "" }: Manner = { plain: false, force: false },
): Promise<Said & { readonly folder: string }> {
  const surroundings = { exists: layerExists, nameOf };
  if (folder !== undefined) checkTarget(path.resolve(root, folder), force);
  const asker = plain || process.env.TERM === "dumb" ? openLines() : openPrompts();
  try {
    let state = start(said, folder);
    for (let screen = screenOf(state, surroundings); screen; screen = screenOf(state, surroundings)) {
      const next = replied(state, await asker.ask(screen), surroundings);
      const fault = next.folder === state.folder ? undefined : await folderFault(next, root, force);
      state = fault === undefined ? next : refused(state, fault);
    }
    process.stderr.write("\n");
    return { answers: state.answers, choices: state.choices, folder: state.folder ?? "" };
  } finally {
    asker.close();
  }
}

async function folderFault({ folder }: State, root: string, force: boolean): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  try {
    checkTarget(path.resolve(root, folder), force);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return `${error.message} ${error.hint}`;
    throw error;
  }
}
