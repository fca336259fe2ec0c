import { parse as parseToml, patch } from "@decimalturn/toml-patch";
import { applyEdits, modify, type ParseError, parse as parseJsonc } from "jsonc-parser";

/** A value of JSON or TOML; dates of TOML are compared by their text. */
export type Value = unknown;

export interface Clash {
  /** Keys that lead to the value, from the root. */
  readonly at: readonly string[];
  readonly mine: Value;
  readonly fresh: Value;
}

export interface MergedData {
  readonly value: Value;
  /** Where both changed one value; the user's is kept. */
  readonly clashes: readonly Clash[];
}

/** One format of data: read it, and write a value into a text of the user's without touching the rest. */
export interface DataFormat {
  /** @throws Error when the text is not of the format */
  read(text: string): Value;
  write(text: string, from: Value, to: Value): string;
}

export const json: DataFormat = { read: readJson, write: writeJson };
export const toml: DataFormat = { read: (text) => parseToml(text), write: (text, _from, to) => patch(text, to) };

/** Merges by key: what only one side changed is taken, lists of plain values are merged as sets. */
export function mergeByKey(old: Value, mine: Value, fresh: Value, at: readonly string[] = []): MergedData {
  if (same(old, fresh) || same(mine, fresh)) return { value: mine, clashes: [] };
  if (same(old, mine)) return { value: fresh, clashes: [] };
  // What the user has made their own stays when we no longer need it.
  if (fresh === undefined) return { value: mine, clashes: [] };
  if (isTable(mine) && isTable(fresh)) return mergeTables(isTable(old) ? old : {}, mine, fresh, at);
  if (isList(mine) && isList(fresh) && isList(old)) return { value: mergeLists(old, mine, fresh), clashes: [] };
  return { value: mine, clashes: [{ at, mine, fresh }] };
}

type Table = Readonly<Record<string, Value>>;

function mergeTables(old: Table, mine: Table, fresh: Table, at: readonly string[]): MergedData {
  const value: Record<string, Value> = Object.create(null);
  const clashes: Clash[] = [];
  for (const key of new Set([...Object.keys(mine), ...Object.keys(fresh)])) {
    const merged = mergeByKey(own(old, key), own(mine, key), own(fresh, key), [...at, key]);
    if (merged.value !== undefined) value[key] = merged.value;
    clashes.push(...merged.clashes);
  }
  return { value: { ...value }, clashes };
}

function mergeLists(old: readonly Value[], mine: readonly Value[], fresh: readonly Value[]): Value[] {
  const has = (list: readonly Value[], value: Value) => list.some((each) => same(each, value));
  const kept = mine.filter((value) => has(fresh, value) || !has(old, value));
  return [...kept, ...fresh.filter((value) => !has(old, value) && !has(mine, value))];
}

const own = (table: Table, key: string) => (Object.hasOwn(table, key) ? table[key] : undefined);

const isTable = (value: Value): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Equal as data; the order of keys is none of it. */
export function same(one: Value, other: Value): boolean {
  if (isTable(one) && isTable(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
    );
  }
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]));
  }
  if (one instanceof Date && other instanceof Date) return one.toISOString() === other.toISOString();
  return Object.is(one, other);
}

/** With comments and trailing commas, as tsconfig.json may have them. */
function readJson(text: string): Value {
  const errors: ParseError[] = [];
  const value = parseJsonc(text, errors, { allowTrailingComma: true });
  if (errors[0]) throw new Error(`not JSON at ${errors[0].offset}`);
  return value;
}

function writeJson(text: string, from: Value, to: Value): string {
  const options = { formattingOptions: { insertSpaces: !/^\t/m.test(text), tabSize: indentOf(text), eol: "\n" } };
  let written = text;
  for (const { at, value } of differences(from, to, [])) {
    written = applyEdits(written, modify(written, [...at], value, options));
  }
  return written;
}

const indentOf = (text: string) => /^( +)"/m.exec(text)?.[1]?.length ?? 2;

function* differences(
  from: Value,
  to: Value,
  at: readonly string[],
): Iterable<{ readonly at: readonly string[]; readonly value: Value }> {
  if (same(from, to)) return;
  if (!isTable(from) || !isTable(to)) {
    yield { at, value: to };
    return;
  }
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    yield* differences(own(from, key), own(to, key), [...at, key]);
  }
}
