import { execa } from "execa";

/** Runs one command in a folder; its output is kept out of the talk unless it fails. */
export async function run(command: readonly string[], folder: string): Promise<void> {
  const [file = "", ...args] = command;
  await execa(file, args, { cwd: folder, stdin: "ignore" });
}

/** What git can do for a new repository whose parent folder is given. */
export async function gitState(parent: string): Promise<"absent" | "inside" | "anonymous" | "ready"> {
  const git = (...args: string[]) => execa("git", args, { cwd: parent, reject: false, stdin: "ignore" });
  const version = await git("--version");
  if (version.failed) return "absent";
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if (inside.stdout === "true") return "inside";
  const identity = await git("var", "GIT_COMMITTER_IDENT");
  return identity.failed ? "anonymous" : "ready";
}
