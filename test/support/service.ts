import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { type Answer, answerTo, type Options } from "./http.ts";
import { subject } from "./subject.ts";

export type Environment = Record<string, string | undefined>;

export interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [member: string]: unknown;
}

export interface Exit {
  /** As a shell tells it: 128 and the signal's number when a signal ended the process. */
  readonly code: number;
  /** Milliseconds from the last signal that was sent to the end. */
  readonly after: number;
}

export interface Process {
  readonly pid: number;
  readonly database: string;
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

export interface Service extends Process {
  readonly host: string;
  readonly port: number;
  /** `:items` in the target stands for the path of the collection: `call("POST :items", …)`. */
  call(target: string, options?: Options): Promise<Answer>;
  [Symbol.asyncDispose](): Promise<void>;
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
const folders: string[] = [];

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A path for a database file, in a folder of its own that the test file removes. */
export function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "contract-"));
  folders.push(folder);
  return join(folder, "service.db");
}

/** Starts the command and does not wait: the process may be about to refuse its configuration. */
export function launch(environment: Environment = {}): Process {
  const database = databaseFile();
  const child = spawn("/bin/sh", ["-c", `exec ${subject.command}`], {
    cwd: subject.cwd,
    env: inherited({ PORT: "0", DATABASE_URL: `sqlite://${database}`, ...environment }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const output = [collect(child.stdout), collect(child.stderr)];
  let signalled = Date.now();
  const exit = new Promise<Exit>((resolve) => {
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({
        code: code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 137),
        after: Date.now() - signalled,
      });
    });
  });
  const lines = () => output.flatMap((stream) => stream()).flatMap(parsed);
  return {
    pid: child.pid ?? 0,
    database,
    output: () => output.flatMap((stream) => stream()),
    lines,
    async line(fits) {
      for (const end = Date.now() + PATIENCE; ; await sleep(10)) {
        const found = lines().find(fits);
        if (found !== undefined) return found;
        if (Date.now() > end || !running.has(child))
          throw new Error(`No such line in the log:\n${this.output().join("\n")}`);
      }
    },
    signal(name) {
      signalled = Date.now();
      child.kill(name);
    },
    async exited() {
      const end = await Promise.race([exit, sleep(PATIENCE, undefined, { ref: false })]);
      if (end === undefined) throw new Error(`Still running:\n${this.output().join("\n")}`);
      return end;
    },
  };
}

/** Starts the command and waits for its `listening` line. */
export async function start(environment: Environment = {}): Promise<Service> {
  const process = launch(environment);
  const listening = await process.line(({ msg }) => msg === "listening");
  const { hostname: host, port } = new URL(`http://${listening.addr}`);
  const service: Service = {
    ...process,
    host,
    port: Number(port),
    async call(target, options = {}) {
      return answerTo(
        service,
        target.includes(":items") ? target.replaceAll(":items", await collectionOf(service)) : target,
        options,
      );
    },
    async [Symbol.asyncDispose]() {
      process.signal("SIGKILL");
      await process.exited();
    },
  };
  return service;
}

let collection = subject.collection;

/** The path of the collection under test: the first `/v1` path of the document that has no parameter. */
export async function collectionOf(service: Service): Promise<string> {
  if (collection === undefined) {
    const { json } = await answerTo(service, "GET /openapi.json", {});
    collection = Object.keys((json as { paths: object }).paths).find((path) => /^\/v1\/[^{}]+$/.test(path));
    if (collection === undefined)
      throw new Error("GET /openapi.json names no collection below /v1; set CONTRACT_COLLECTION.");
  }
  return collection;
}

function inherited(environment: Environment): NodeJS.ProcessEnv {
  const own = new Set<string>([...variables, "NODE_ENV", "NODE_OPTIONS", "FORCE_COLOR"]);
  const rest = Object.entries(process.env).filter(([name]) => !own.has(name) && !/^(VITEST|CONTRACT_)/.test(name));
  return {
    ...Object.fromEntries(rest),
    PATH: [subject.path, process.env.PATH].filter(Boolean).join(":"),
    ...environment,
  };
}

function collect(stream: NodeJS.ReadableStream): () => string[] {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () =>
    text
      .split("\n")
      .slice(0, -1)
      .concat(text.endsWith("\n") || text === "" ? [] : [text.slice(text.lastIndexOf("\n") + 1)]);
}

function parsed(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
