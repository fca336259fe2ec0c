import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./cli.ts";
import { pathWithGit } from "./git.ts";

/** As a shell tells them: 128 and the signal's number. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export const signals = Object.keys(signalCodes) as (keyof typeof signalCodes)[];

/** The moments of a run at which it waits for another program. */
export const stages = ["--version", "rev-parse", "init", "add", "commit"] as const;

export interface Ended {
  readonly code: number | undefined;
  readonly said: string;
  /** Names in the folder that the run worked in. */
  readonly left: readonly string[];
  /** Whether any process that the run started is still there. */
  readonly running: boolean;
}

/** Ends a run in `base/work` by a signal while it waits for git; `all` sends it to every process of the run, as Ctrl-C does. */
export async function endedWhile(
  base: string,
  stage: string,
  signal: keyof typeof signalCodes,
  all: boolean,
): Promise<Ended> {
  const folder = path.join(base, "work");
  const reached = path.join(base, "reached");
  const PATH = pathWithGit(base, stage, `echo $$ >${reached}; exec sleep 60`);
  const run = start(folder, ["parent/orders", "--yes"], { env: { PATH } });
  while (!existsSync(reached)) await sleep(5);
  await sleep(20);
  const pid = run.pid ?? 0;
  process.kill(all ? -pid : pid, signal);
  const { exitCode, stdout, stderr } = await run;
  return { code: exitCode, said: `${stdout}${stderr}`, left: readdirSync(folder), running: isRunning(-pid) };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
