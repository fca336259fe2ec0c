import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Flag, parseFlags } from "../src/cli/flags.ts";
import type { Database } from "../src/model/choices.ts";
import { type Language, languages } from "../src/model/verdict.ts";
import { Problem } from "../src/problem.ts";
import { toolchain } from "../test/support/toolchains.ts";
import { databases } from "./databases.ts";

export interface Options {
  readonly languages: readonly Language[];
  readonly database: Database;
  /** Whether to build once with empty caches, which costs minutes. */
  readonly cold: boolean;
  readonly starts: number;
  readonly rounds: number;
  /** Requests of one kind that one service answers in one round. */
  readonly requests: number;
}

const flags: readonly Flag[] = [
  { name: "only", about: "the languages to measure, separated by commas", value: "LANGUAGE" },
  { name: "database", about: `${databases.join(" or ")}; sqlite without it`, value: "DATABASE" },
  { name: "quick", about: "fewer starts, rounds and requests: to try a change, not to judge a budget" },
  { name: "cold", about: "also build with empty caches, which takes minutes" },
];

/** @throws Problem for a wrong flag, a missing toolchain, or a system without /proc. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { words, switches, values } = parseFlags(argv, flags, env);
  if (words.length > 0) throw new Problem(`"${words[0]}" is one word too many.`, usage());
  if (!existsSync("/proc/self/stat")) throw new Problem("CPU time and memory are read from /proc.", "Run it on Linux.");
  if (spawnSync("taskset", ["--version"]).error) {
    throw new Problem("taskset is missing.", "It comes with util-linux, from your distribution.");
  }
  const only = values.get("only")?.split(",") ?? languages;
  const chosen = languages.filter((language) => only.includes(language));
  if (chosen.length < only.length) {
    throw new Problem(`--only ${only.join(",")} names no language.`, `They are ${languages.join(", ")}.`);
  }
  const named = values.get("database") ?? "sqlite";
  const database = databases.find((each) => each === named);
  if (database === undefined) {
    throw new Problem(`--database ${named} names no database.`, `They are ${databases.join(", ")}.`);
  }
  for (const language of chosen) requireToolchain(language);
  const size = switches.has("quick")
    ? { starts: 3, rounds: 3, requests: 5_000 }
    : { starts: 9, rounds: 9, requests: 10_000 };
  return { languages: chosen, database, cold: switches.has("cold"), ...size };
}

function requireToolchain(language: Language): void {
  try {
    toolchain(language);
  } catch (error) {
    const others = languages.filter((other) => other !== language);
    throw new Problem((error as Error).message, `Without it: npm run bench -- --only ${others.join(",")}`);
  }
}

const usage = () => flags.map(({ name, about, value }) => `--${name}${value ? ` ${value}` : ""}: ${about}`).join("\n");
