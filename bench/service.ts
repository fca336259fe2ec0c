import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs } from "./proc.ts";
import type { Program } from "./program.ts";
import { temporaryFolder } from "./temporary.ts";

export interface Service {
  readonly pid: number;
  readonly port: number;
  /** From the start of the process until it listens. */
  readonly start: Start;
  stop(): Promise<void>;
}

export interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const limitMs = 30_000;
const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts a program on a new database. Its log goes to a file: behind a pipe is a reader, and to wake it costs the
 * writer as much as the other cores are busy.
 */
export async function start({ command, folder, env, newDatabase }: Program): Promise<Service> {
  const url = newDatabase();
  const log = path.join(temporaryFolder(), "log");
  const stdout = openSync(log, "w");
  const [file = "", ...args] = command;
  const since = performance.now();
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...env, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "info", DATABASE_URL: url },
    stdio: ["ignore", stdout, "inherit"],
  });
  closeSync(stdout);
  running.add(child);
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await closed;
    running.delete(child);
  };
  for (;;) {
    await sleep(1);
    const port = portIn(readFileSync(log, "utf8"));
    const wallMs = performance.now() - since;
    const pid = child.pid ?? 0;
    if (port !== undefined) return { pid, port, start: { wallMs, cpuMs: cpuMs(pid) }, stop };
    if (child.exitCode !== null || child.signalCode !== null || wallMs > limitMs) {
      const said = readFileSync(log, "utf8");
      await stop();
      throw new Error(`${command.join(" ")} does not listen:\n${said}`);
    }
  }
}

/** The port in the line that says `listening`, once it is complete. */
function portIn(log: string): number | undefined {
  const line = log.split("\n").find((one, index, all) => index < all.length - 1 && one.includes('"msg":"listening"'));
  return line === undefined ? undefined : Number((JSON.parse(line) as { addr: string }).addr.split(":").at(-1));
}
