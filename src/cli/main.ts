#!/usr/bin/env node
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

const exitCodes = { fault: 1, problem: 2, interrupted: 130, terminated: 143 } as const;

process.on("SIGINT", () => process.exit(exitCodes.interrupted));
process.on("SIGTERM", () => process.exit(exitCodes.terminated));

const argv = process.argv.slice(2);
try {
  await dispatch(argv);
} catch (error) {
  process.exitCode = report(error);
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
  if (error instanceof Interrupted) return exitCodes.interrupted;
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
