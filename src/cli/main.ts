import { interrupt } from "../interruption.ts";
import { Interrupted, Problem } from "../problem.ts";
import { exitCodes, reportOf } from "./report.ts";

interface Command {
  /** @returns an exit code, or nothing for 0 */
  run(argv: readonly string[]): Promise<unknown>;
}

/** Loaded only when asked for, so that `--version` costs no more than it says. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  new: () => import("./new.ts"),
  decide: () => import("./decide.ts"),
  rules: () => import("./rules.ts"),
  change: () => import("./change.ts"),
  add: () => import("./add.ts"),
  update: () => import("./update.ts"),
  resolve: () => import("./resolve.ts"),
  check: () => import("./check.ts"),
  redraw: () => import("./redraw.ts"),
  schema: () => import("./schema.ts"),
  doctor: () => import("./doctor.ts"),
  completion: () => import("./completion.ts"),
};

void main(process.argv.slice(2));

/** Only this module knows how the process ends. */
async function main(argv: readonly string[]): Promise<void> {
  const asJson = argv.includes("--json");
  let done = false;

  function fail(error: unknown): number {
    const { code, text } = reportOf(error, asJson);
    process.stderr.write(text);
    return code;
  }

  /** Nothing is left of what a signal stops; one that comes when all is done comes too late. */
  async function stop(signal: Interrupted["signal"]): Promise<void> {
    if (done) return;
    await interrupt(new Interrupted("stopped", signal));
    process.exit(exitCodes[signal]);
  }

  /** Whoever reads the output may have gone, and the disk that takes it may be full. */
  function failLate(error: NodeJS.ErrnoException): void {
    if (error.syscall === "write" && error.code === "EPIPE") process.exit(exitCodes.SIGPIPE);
    const lost = new Problem(`The output cannot be written (${error.code}).`, "Write it to another place.");
    process.exit(fail(error.syscall === "write" ? lost : error));
  }

  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal));
  process.on("uncaughtException", failLate);
  try {
    const code = await dispatch(argv);
    if (typeof code === "number") process.exitCode = code;
  } catch (error) {
    process.exitCode = fail(error);
  }
  done = true;
}

/** A first word that is a command is a command; anything else belongs to `new`. */
async function dispatch(words: readonly string[]): Promise<unknown> {
  const [word = "", ...rest] = words;
  if (word === "--version") return print((await import("../version.ts")).version);
  if (word === "help" || words.some((flag) => flag === "--help" || flag === "-h")) {
    return print((await import("./help.ts")).help(word));
  }
  const load = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (load) return (await load()).run(rest);
  return (await import("./new.ts")).run(words);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
