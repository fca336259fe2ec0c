import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { readAnswers } from "../src/answers.ts";
import type { Database } from "../src/model/choices.ts";
import type { Language } from "../src/model/verdict.ts";
import { Problem } from "../src/problem.ts";
import { scaffold } from "../src/scaffold.ts";
import { toolchain } from "../test/support/toolchains.ts";
import type { NewDatabase } from "./databases.ts";
import type { Program } from "./program.ts";
import { shell } from "./shell.ts";
import { toolboxes } from "./toolboxes.ts";

/** Its own, because Rust's binaries of all services lie in one shared folder. */
const name = "measured";

export interface Subject {
  readonly language: Language;
  readonly database: Database;
  readonly newDatabase: NewDatabase;
}

/** Emits a service from the working tree, and builds it by its own commands. */
export async function prepareEmitted({ language, database, newDatabase }: Subject, folder: string): Promise<Program> {
  const env = toolchain(language);
  const { answers, choices } = readAnswers({ language, database, resource: "item name:text quantity:integer" });
  const order = { answers, choices: { ...choices, name }, target: folder, dryRun: false, git: false, force: false };
  const { commands } = await scaffold(order);
  await shell(commands.setup, { folder, env });
  await shell(commands.build, { folder, env });
  const command = toolboxes[language].command(name, commands.start, { folder, env });
  return { folder, name, command, env, newDatabase };
}

/** Builds the bare service outside the checkout, which stays clean. */
export async function prepareBare({ language, database, newDatabase }: Subject, folder: string): Promise<Program> {
  const { bare, command } = toolboxes[language];
  const source = database === "sqlite" ? language : `${language}-${database}`;
  const env = toolchain(language);
  cpSync(path.join(import.meta.dirname, "bare", source), folder, { recursive: true });
  checkPins(language, source, readFileSync(path.join(folder, bare.manifest), "utf8"));
  await shell(bare.build, { folder, env });
  return { folder, name: "bare", command: command("bare", bare.start, { folder, env }), env, newDatabase };
}

/** On other versions the ratio would compare versions, not services. */
function checkPins(language: Language, source: string, manifest: string): void {
  const pins = path.join(import.meta.dirname, "../templates", language, "pins.yaml");
  const pinned = Object.entries<string>(parse(readFileSync(pins, "utf8")));
  for (const line of manifest.split("\n")) {
    const dependency = line.trim().replace(/^require /, "");
    const [, version] =
      pinned.find(([name]) => dependency.startsWith(`${name} `) || dependency.startsWith(`"${name}":`)) ?? [];
    if (version === undefined || dependency.includes(version)) continue;
    throw new Problem(
      `The bare service has ${dependency}, but templates/${language}/pins.yaml has ${version}.`,
      `Bring bench/bare/${source} and its lockfile to that version.`,
    );
  }
}
