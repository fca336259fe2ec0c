import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ExecaError, execa } from "execa";
import { interruptible } from "../interruption.ts";
import { Interrupted, Problem } from "../problem.ts";

/** Variables that would lead git to another repository than the folder's own; a hook of git's sets them. */
const elsewhere = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_WORK_TREE",
];
const env = { LC_ALL: "C", ...Object.fromEntries(elsewhere.map((name) => [name, undefined])) };

/**
 * Runs one command in a folder, until the signal ends it; its output is kept out of the talk unless it fails.
 * @throws Problem when it fails, Interrupted when it is ended
 */
export async function run(command: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  const [file = "", ...args] = command;
  try {
    await execa(file, args, { cwd: folder, env, stdin: "ignore", cancelSignal: signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    refuseEnded(error.signal);
    const said = String(error.stderr).trim().split("\n").at(-1) || error.shortMessage;
    throw new Problem(`"${file} ${args.at(-1)}" failed: ${said}`, "Mend that, or add --no-git.");
  }
}

/** Ctrl-C reaches every process of a terminal, and a command may be the first to go. */
function refuseEnded(by: string | undefined): void {
  if (by === "SIGHUP" || by === "SIGINT" || by === "SIGTERM") throw new Interrupted("stopped", by);
}

/** Whether everything below a folder is committed, so that a change can be seen and undone. */
export function worktree(folder: string): Promise<"clean" | "dirty" | "unversioned"> {
  return interruptible(async (signal) => {
    const args = ["-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=all", "--", "."];
    const outcome = await execa("git", args, {
      cwd: folder,
      env,
      reject: false,
      stdin: "ignore",
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    refuseEnded(outcome.signal);
    if (outcome.failed) return "unversioned";
    return outcome.stdout === "" ? "clean" : "dirty";
  });
}

/** What git can do for a new repository in a folder that need not exist yet. */
export function gitState(target: string): Promise<"absent" | "inside" | "anonymous" | "ready"> {
  return interruptible((signal) => stateOf(nearestFolder(target), signal));
}

async function stateOf(cwd: string, signal: AbortSignal) {
  const git = async (...args: string[]) => {
    const outcome = await execa("git", args, { cwd, env, reject: false, stdin: "ignore", cancelSignal: signal });
    signal.throwIfAborted();
    refuseEnded(outcome.signal);
    return outcome;
  };
  const version = await git("--version");
  if (version.failed) return "absent";
  // Anything but a plain no, such as a repository of somebody else's, is a repository.
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if (!inside.failed || !inside.stderr.includes("not a git repository")) return "inside";
  const identity = await git("var", "GIT_COMMITTER_IDENT");
  return identity.failed ? "anonymous" : "ready";
}

/** What a command prints, or nothing when it cannot be run; no version manager is to fetch anything for it. */
export async function printed([file, ...args]: readonly [string, ...string[]]): Promise<string | undefined> {
  const quietly = { LC_ALL: "C", GOTOOLCHAIN: "local", RUSTUP_AUTO_INSTALL: "0" };
  const { failed, stdout } = await execa(file, args, {
    cwd: tmpdir(),
    env: quietly,
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  return failed ? undefined : stdout;
}

function nearestFolder(target: string): string {
  return existsSync(target) ? target : nearestFolder(path.dirname(target));
}
