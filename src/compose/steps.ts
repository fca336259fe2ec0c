import type { Step } from "../model/step.ts";
import type { Tree } from "../model/tree.ts";

export type GitState = "absent" | "inside" | "anonymous" | "ready" | "unwanted";

/** Everything that emission does, in order; nothing happens that is not in this list. */
export function stepsFor(tree: Tree, git: GitState): Step[] {
  const encoder = new TextEncoder();
  const writes = [...tree].map(
    ([path, { content }]): Step => ({ kind: "write", path, bytes: encoder.encode(content).length }),
  );
  return [...writes, ...gitSteps(git)];
}

/** The user's hooks, signing and templates are meant for the user's own commits. */
const quiet = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false"];

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
    { kind: "run", command: ["git", "add", "--all"], why: "stage every file" },
    {
      kind: "run",
      command: ["git", ...quiet, "commit", "--quiet", "--message", "Start from groundwork"],
      why: "commit them",
    },
  ];
}
