import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { cpuMs } from "./proc.ts";
import type { Program } from "./program.ts";

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

/** Starts a program on a new database, and reads its log to the end, as a container's runtime would. */
export async function start({ command, folder, env }: Program): Promise<Service> {
  const [file = "", ...args] = command;
  const data = mkdtempSync(path.join(tmpdir(), "bench-data-"));
  const since = performance.now();
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...env, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "info", DATABASE_URL: `sqlite://${data}/service.db` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const stop = async () => {
    child.kill("SIGKILL");
    await closed;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const port = await listening(child.stdout);
    const pid = child.pid ?? 0;
    return { pid, port, start: { wallMs: performance.now() - since, cpuMs: cpuMs(pid) }, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

async function listening(stdout: NodeJS.ReadableStream): Promise<number> {
  const lines = createInterface({ input: stdout });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    const port = /"msg":"listening".*"addr":".*:(\d+)"|"addr":".*:(\d+)".*"msg":"listening"/.exec(line);
    if (port === null) continue;
    lines.close();
    stdout.resume();
    return Number(port[1] ?? port[2]);
  }
  throw new Error(`The service ended before it listened:\n${said.join("\n")}`);
}
