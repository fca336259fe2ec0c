import type { Language } from "../model/verdict.ts";
import { casesFrom, winner } from "./judge.ts";
import type { Condition, Premise } from "./premise.ts";
import { type Answers, type QuestionId, questionIds, questions, said, type Value, valuesOf } from "./questions.ts";
import type { Rule, Table } from "./rules.ts";

/**
 * Answers and rules in numbers: one verdict asks for the language of hundreds of answers, and a start waits for it.
 * A set of options is a number with a bit for each, an answer to no question is nought, and answers are one such number a question.
 */
export type Bits = readonly number[];

/** Holds for options of which one is needed and none is barred. */
interface Test {
  readonly place: number;
  readonly needed: number;
  readonly barred: number;
}

/** A rule: what it adds to each case where all its tests hold. */
export interface Row {
  readonly tests: readonly Test[];
  readonly rust: number;
  readonly typescript: number;
  /** The gate shuts it out. */
  readonly gated: boolean;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly gate: readonly Test[];
}

export function bitsOf(answers: Answers): Bits {
  return questionIds.map((id) => bitsIn(id, said(answers, id)));
}

/** Of every whole value of a question, in the order of `valuesOf`. */
export function valueBits(id: QuestionId): readonly number[] {
  const all = valuesInBits.get(id) ?? valuesOf(id).map((value) => bitsIn(id, value));
  valuesInBits.set(id, all);
  return all;
}

const valuesInBits = new Map<QuestionId, readonly number[]>();

export const placeOf = (id: QuestionId) => questionIds.indexOf(id);

function bitsIn(id: QuestionId, value: Value): number {
  let bits = 0;
  for (const option of [value].flat()) bits |= bitOf.get(`${id} ${option}`) ?? 0;
  return bits;
}

const bitOf: ReadonlyMap<string, number> = new Map(
  questions.flatMap(({ id, options }) => options.map((option, place) => [`${id} ${option.id}`, 1 << place] as const)),
);

const known = new WeakMap<Table, Rows>();

export function rowsOf(table: Table): Rows {
  const rows = known.get(table) ?? { rows: table.rules.map(rowFor), gate: testsOf(table.gate.when) };
  known.set(table, rows);
  return rows;
}

function rowFor(rule: Rule): Row {
  return { tests: testsOf(rule.when), ...casesFrom([rule]), gated: rule.favours === "rust" };
}

function testsOf(premise: Premise): Test[] {
  return Object.entries(premise).map(([id, condition]) => testOf(id as QuestionId, condition));
}

/** Something is said, and this is not: one of the others is needed. This and nothing else: the others are barred. */
function testOf(id: QuestionId, condition: Condition): Test {
  const place = placeOf(id);
  if (typeof condition === "string" || Array.isArray(condition)) {
    return { place, needed: bitsIn(id, condition as Value), barred: 0 };
  }
  if ("without" in condition) {
    const barred = bitsIn(id, condition.without);
    return { place, needed: ~barred, barred };
  }
  const needed = bitsIn(id, (condition as { readonly only: string }).only);
  return { place, needed, barred: ~needed };
}

export function allHold(tests: readonly Test[], bits: Bits): boolean {
  for (const test of tests) {
    if (!holds(test, bits[test.place] ?? 0)) return false;
  }
  return true;
}

export const holds = ({ needed, barred }: Test, options: number) =>
  (options & needed) !== 0 && (options & barred) === 0;

/** The rows that can hold whatever is answered to some questions, with all other answers as they are. */
export function rowsBeside(bits: Bits, ids: readonly QuestionId[], { rows, gate }: Rows): Rows {
  const free = questionIds.map((id) => ids.includes(id));
  return {
    rows: rows.filter(({ tests }) => tests.every((test) => free[test.place] || holds(test, bits[test.place] ?? 0))),
    gate,
  };
}

/** The language that `judge` finds. */
export function languageAt(bits: Bits, { rows, gate }: Rows): Language {
  const gated = allHold(gate, bits);
  let [rust, typescript] = [0, 0];
  for (const row of rows) {
    if ((gated && row.gated) || !allHold(row.tests, bits)) continue;
    rust += row.rust;
    typescript += row.typescript;
  }
  return winner(rust, typescript, gated);
}
