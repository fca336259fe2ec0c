import { parseArgs } from "node:util";
import { questions } from "../decide/questions.ts";
import { choices } from "../model/choices.ts";
import { nearest } from "../nearest.ts";
import { Problem } from "../problem.ts";
import { flagsHint } from "./package-manager.ts";

export interface Flag {
  readonly name: string;
  readonly about: string;
  /** What stands for the value in the help; a flag without one is a switch. */
  readonly value?: string;
  /** May be given more than once; the values are joined by a semicolon. */
  readonly several?: true;
  /** What the value can be, where that is a closed list. */
  readonly options?: readonly string[];
}

export const flagOf = (id: string) => id.replaceAll("_", "-");

/** One flag for each answer. */
export const answerFlags: readonly Flag[] = [
  ...questions.map((question) => ({
    name: flagOf(question.id),
    about: question.asks,
    value: "several" in question ? "A,B" : "A",
    options: [...question.options.map(({ id }) => id), "unsure"],
  })),
  ...choices.map((choice) => ({
    name: flagOf(choice.id),
    about: choice.asks,
    value: "options" in choice ? choice.options.join("|") : "TEXT",
    ...("options" in choice && { options: choice.options }),
  })),
];

export const answersFlag: Flag = {
  name: "answers",
  about: "read answers from a JSON or YAML file, or - for standard input",
  value: "FILE",
};
export const jsonFlag: Flag = { name: "json", about: "print the result as JSON" };

export interface Parsed {
  /** Words that are no flags. */
  readonly words: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Reads argv against the flags of one command.
 * @throws Problem for an unknown flag, a missing or surplus value, and flags that npm kept to itself.
 */
export function parseFlags(argv: readonly string[], flags: readonly Flag[], env: NodeJS.ProcessEnv): Parsed {
  const options = Object.fromEntries(
    flags.map((flag) => [flag.name, { type: flag.value ? ("string" as const) : ("boolean" as const) }]),
  );
  const args = argv.filter((word) => word !== "--").map((word) => (word.startsWith("--") ? spelled(word) : word));
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const switches = new Set<string>();
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const flag = flags.find(({ name }) => name === token.name);
    if (!flag) {
      const hint = nearest(
        token.name,
        flags.map(({ name }) => name),
      ).replace(/"(.*)"/, "--$1");
      throw new Problem(`There is no flag ${token.rawName}.`, `${hint}Run with --help to see them all.`);
    }
    const before = values.get(flag.name);
    if (!flag.several && (before !== undefined || switches.has(flag.name))) {
      throw new Problem(`--${flag.name} is given twice.`, "Give it once; several options are separated by commas.");
    }
    if (!flag.value) {
      if (token.value !== undefined) throw new Problem(`--${flag.name} takes no value.`, `Write --${flag.name} alone.`);
      switches.add(flag.name);
    } else {
      if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) {
        throw new Problem(`--${flag.name} has no value.`, `Write --${flag.name} ${flag.value}.`);
      }
      values.set(flag.name, before === undefined ? token.value : `${before};${token.value}`);
    }
  }
  refuseSwallowed(flags, new Set([...switches, ...values.keys()]), env);
  return { words, switches, values };
}

/**
 * The value of a flag that takes one of a closed list.
 * @throws Problem when it is none of them
 */
export function optionOf<Option extends string>(flag: string, given: string, options: readonly Option[]): Option {
  const known = options.find((option) => option === given);
  if (!known) throw new Problem(`--${flag}: "${given}" is not an option.`, `It takes ${options.join(", ")}.`);
  return known;
}

/** `--hard_parts` and `--hard-parts` are one flag. */
function spelled(word: string): string {
  const [name = "", ...value] = word.split("=");
  return [name.replaceAll("_", "-"), ...value].join("=");
}

/** Without `--` npm keeps flags to itself, as variables; `yes` is set by `npm exec` on its own. */
function refuseSwallowed(flags: readonly Flag[], given: ReadonlySet<string>, env: NodeJS.ProcessEnv): void {
  const swallowed = flags.find(({ name }) => name !== "yes" && !given.has(name) && isSwallowed(name, env));
  if (swallowed) throw new Problem(`npm kept --${swallowed.name} to itself.`, flagsHint(env));
}

/** `--no-git` becomes a `git` that is false. */
function isSwallowed(name: string, env: NodeJS.ProcessEnv): boolean {
  const variable = (of: string) => env[`npm_config_${of.replaceAll("-", "_")}`] ?? "";
  return variable(name) !== "" || (name.startsWith("no-") && variable(name.slice(3)) === "false");
}
