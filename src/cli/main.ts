#!/usr/bin/env node
import { interrupt } from "../interruption.ts";
import { Interrupted, Problem } from "../problem.ts";

interface Command {
  run(argv: readonly string[]): Promise<void>;
}

/** Loaded only when asked for, so that `--version` costs no more than it says. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  new: () => import("./new.ts"),
  decide: () => import("./decide.ts"),
  rules: () => import("./rules.ts"),
  schema: () => import("./schema.ts"),
};

const exitCodes = { fault: 1, problem: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const argv = process.argv.slice(2);
let done = false;
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal));
try {
  await dispatch(argv);
} catch (error) {
  process.exitCode = report(error);
}
done = true;

/** Nothing is left of what a signal stops; one that comes when all is done comes too late. */
async function stop(signal: Interrupted["signal"]): Promise<void> {
  if (done) return;
  await interrupt(new Interrupted("stopped", signal));
  process.exit(exitCodes[signal]);
}

/** A first word that is a command is a command; anything else belongs to `new`. */
async function dispatch(words: readonly string[]): Promise<void> {
  const [word = "", ...rest] = words;
  if (word === "--version") return print((await import("../version.ts")).version);
  if (word === "help" || words.includes("--help")) return print((await import("./help.ts")).help(word));
  const load = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (load) return (await load()).run(rest);
  return (await import("./new.ts")).run(words);
}

function report(error: unknown): number {
  if (error instanceof Interrupted) return exitCodes[error.signal];
  if (!(error instanceof Problem)) {
    process.stderr.write(
      `This is a fault of create-groundwork:\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return exitCodes.fault;
  }
  const { message, hint } = error;
  process.stderr.write(
    argv.includes("--json") ? `${JSON.stringify({ problem: message, hint })}\n` : `${message}\n${hint}\n`,
  );
  return exitCodes.problem;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
