import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { type Database, newDatabase, removeDatabases } from "./databases.ts";
import { subject } from "./subject.ts";

export type Environment = Record<string, string | undefined>;

/** One line of the log. */
export interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [member: string]: unknown;
}

export interface Exit {
  /** As a shell tells it: 128 and the signal's number when a signal ended the process. */
  readonly code: number;
  /** Milliseconds from the last signal that was sent. */
  readonly after: number;
}

export interface Process {
  readonly database: Database;
  /** The most memory that it has had so far, in bytes. */
  peak(): number;
  /** Everything written to stdout and stderr so far, line by line. */
  output(): string[];
  /** The lines of the log so far. A line that is no JSON is left to `output`. */
  lines(): Line[];
  /** The first line that fits, waited for. */
  line(fits: (line: Line) => boolean): Promise<Line>;
  signal(name: NodeJS.Signals): void;
  /** How it ended, or is about to. */
  exited(): Promise<Exit>;
}

/** The variables of P1. A service under test sees those that its test sets, and none of the tester's own. */
export const variables = [
  "HOST",
  "PORT",
  "DATABASE_URL",
  "LOG_LEVEL",
  "MAX_BODY_BYTES",
  "REQUEST_TIMEOUT_MS",
  "HEADER_TIMEOUT_MS",
  "SHUTDOWN_DELAY_MS",
  "SHUTDOWN_TIMEOUT_MS",
] as const;

/** Milliseconds that a start or an end may take on a busy machine. */
const PATIENCE = 30_000;

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  removeDatabases();
});

/** Runs the command, on a free port and a new database unless the test says otherwise, and does not wait for anything. */
export function launch(environment: Environment = {}, database = newDatabase()): Process {
  const child = spawn("/bin/sh", ["-c", `exec ${subject.command}`], {
    cwd: subject.cwd,
    env: { ...inherited(), PORT: "0", DATABASE_URL: database.url, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const streams = [collect(child.stdout), collect(child.stderr)];
  const output = () => streams.flatMap((stream) => stream());
  const lines = () => output().flatMap(parsed);
  let signalled = Date.now();
  const exit = new Promise<Exit>((resolve) => {
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? 128 + constants.signals[signal as NodeJS.Signals], after: Date.now() - signalled });
    });
  });
  return {
    database,
    peak() {
      const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
      return Number(kibibytes) * 1024;
    },
    output,
    lines,
    async line(fits) {
      for (const end = Date.now() + PATIENCE; Date.now() < end && running.has(child); await sleep(10)) {
        const found = lines().find(fits);
        if (found !== undefined) return found;
      }
      throw new Error(`No such line in the log:\n${output().join("\n")}`);
    },
    signal(name) {
      signalled = Date.now();
      child.kill(name);
    },
    async exited() {
      const end = await Promise.race([exit, sleep(PATIENCE, undefined, { ref: false })]);
      if (end === undefined) throw new Error(`Still running:\n${output().join("\n")}`);
      return end;
    },
  };
}

function inherited(): NodeJS.ProcessEnv {
  const own = new Set<string>([...variables, "NODE_ENV", "NODE_OPTIONS", "FORCE_COLOR"]);
  const rest = Object.entries(process.env).filter(([name]) => !own.has(name) && !/^(VITEST|CONTRACT_)/.test(name));
  return { ...Object.fromEntries(rest), PATH: [subject.path, process.env.PATH].filter(Boolean).join(":") };
}

function collect(stream: NodeJS.ReadableStream): () => string[] {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
}

function parsed(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
