import path from "node:path";
import fs from "fs-extra";
import { Problem } from "../../src/problem.ts";
import type { Inputs } from "../generator.ts";

/** New files, and rows at the end of lists in files that exist; all of it is checked before any of it is written. */
export interface Addition {
  readonly files: Readonly<Record<string, string>>;
  readonly rows: readonly { readonly file: string; readonly list: string; readonly row: string }[];
  /** What must go where the addition makes it untrue; may be gone already. */
  readonly stale?: readonly { readonly file: string; readonly pattern: RegExp }[];
}

/** @throws Problem when a file exists already, or a list is not where it was. */
export async function add({ files, rows, stale = [] }: Addition, root: string): Promise<void> {
  for (const file of Object.keys(files)) {
    if (await fs.pathExists(path.join(root, file))) throw new Problem(`${file} exists already.`, "Choose another id.");
  }
  const grown = new Map<string, string>();
  for (const { file, list, row } of rows) {
    const text = grown.get(file) ?? (await fs.readFile(path.join(root, file), "utf8"));
    grown.set(file, appended(text, list, row, file));
  }
  for (const { file, pattern } of stale) {
    grown.set(file, (grown.get(file) ?? (await fs.readFile(path.join(root, file), "utf8"))).replace(pattern, ""));
  }
  for (const [file, text] of [...Object.entries(files), ...grown]) await fs.outputFile(path.join(root, file), text);
}

/** A list, or a record, ends at the first line after its head that closes a bracket and a statement. */
function appended(text: string, list: string, row: string, file: string): string {
  const head = text.indexOf(`const ${list}`);
  const end = head < 0 ? -1 : head + text.slice(head).search(/\n(?:\];|\] as const|\};)/);
  if (end < head + 1) throw new Problem(`${file} has no list "${list}".`, "Run this in a checkout of groundwork.");
  return `${text.slice(0, end + 1)}${row}\n${text.slice(end + 1)}`;
}

const idPattern = /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/;

/** @throws Problem when the input is missing or is no id. */
export function idOf(given: Inputs, input: string): string {
  const id = required(given, input);
  if (!idPattern.test(id))
    throw new Problem(`"${id}" is no id.`, "Use lower-case words joined by hyphens or underscores.");
  return id;
}

export function required(given: Inputs, input: string): string {
  const value = given[input]?.trim();
  if (!value) throw new Problem(`"${input}" is missing.`, `Pass it: --${input} TEXT`);
  return value;
}

/** @throws Problem when the input is not one of the options. */
export function oneOf<T extends string>(given: Inputs, input: string, options: readonly T[]): T {
  const value = required(given, input);
  const option = options.find((candidate) => candidate === value);
  if (option === undefined) throw new Problem(`"${value}" is no ${input}.`, `It is one of ${options.join(", ")}.`);
  return option;
}
