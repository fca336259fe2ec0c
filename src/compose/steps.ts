import type { Step } from "../model/step.ts";
import type { Tree } from "../model/tree.ts";
import type { Edit } from "../model/workspace.ts";

export type GitState = "absent" | "inside" | "anonymous" | "ready" | "unwanted" | "theirs";

/** Everything that emission does, in order; nothing happens that is not in this list. */
export function stepsFor(tree: Tree, git: GitState, edits: readonly Edit[] = []): Step[] {
  const writes = [...tree].map(([path, { content }]): Step => ({ kind: "write", path, bytes: bytesOf(content) }));
  return [...writes, ...gitSteps(git), ...editSteps(edits)];
}

/** What happens outside the target. */
export function editSteps(edits: readonly Edit[]) {
  return edits.map(({ path, before, after, why }) => {
    const kind: "create" | "edit" = before === undefined ? "create" : "edit";
    return { kind, path, bytes: bytesOf(after), why };
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** The user's hooks, signing, ignored files and daemons are meant for the user's own work; nothing is to go on in the background. */
const quiet = [
  "core.hooksPath=/dev/null",
  "core.excludesFile=/dev/null",
  "core.fsmonitor=false",
  "commit.gpgSign=false",
  "gc.auto=0",
  "maintenance.auto=false",
].flatMap((setting) => ["-c", setting]);

function gitSteps(state: GitState): Step[] {
  if (state !== "ready" && state !== "anonymous") return [];
  const init: Step = {
    kind: "run",
    command: ["git", "init", "--quiet", "--template=", "--initial-branch=main"],
    why: "start a repository",
  };
  if (state === "anonymous") return [init];
  return [
    init,
    { kind: "run", command: ["git", ...quiet, "add", "--all"], why: "stage every file" },
    {
      kind: "run",
      command: ["git", ...quiet, "commit", "--quiet", "--message", "Start from groundwork"],
      why: "commit them",
    },
  ];
}
