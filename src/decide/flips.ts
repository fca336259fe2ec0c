import { type Flip, type Language, languages } from "../model/verdict.ts";
import { bitsOf, languageAt, placeOf, rowsBeside, rowsOf, valueBits } from "./bits.ts";
import { type Answers, type QuestionId, said, type Value, valuesOf } from "./questions.ts";
import type { Table } from "./rules.ts";

/** What people can change; nobody is told to handle no money. */
const changeable = ["deadline", "priority", "experience", "team", "footprint"] as const satisfies readonly QuestionId[];

/**
 * The smallest changes that give another language, each proved by deciding again: first of one answer, then of two of which neither
 * suffices alone. Of several values that turn one question, the nearest to what was said.
 */
export function flipsOf(answers: Answers, table: Table): Flip[] {
  const bits = bitsOf(answers);
  const rows = rowsBeside(bits, changeable, rowsOf(table));
  const language = languageAt(bits, rows);
  const turned = (changes: readonly Change[]): Turned | undefined => {
    const changed = [...bits];
    for (const { place, bits } of changes) changed[place] = bits;
    const other = languageAt(changed, rows);
    return other === language ? undefined : { changes, language: other };
  };
  const changes = changeable.map((id) => changesOf(id, answers));
  const singles = nearest(changes.flat().map((change) => turned([change])));
  const suffices = (id: QuestionId, target: Language) =>
    singles.some((one) => one.language === target && one.changes[0]?.id === id);
  const pairs = nearest(pairsOf(changes).map(turned)).filter(
    (pair) => !pair.changes.some(({ id }) => suffices(id, pair.language)),
  );
  return [...singles, ...pairs].map(({ changes, language: to }) => ({
    change: Object.fromEntries(changes.map(({ id, value }) => [id, value])),
    language: to,
  }));
}

interface Change {
  readonly id: QuestionId;
  readonly value: Value;
  readonly place: number;
  readonly bits: number;
  /** How far the value is from what was said. */
  readonly steps: number;
}

interface Turned {
  readonly changes: readonly Change[];
  readonly language: Language;
}

function changesOf(id: QuestionId, answers: Answers): Change[] {
  const now = said(answers, id);
  const [place, bits] = [placeOf(id), valueBits(id)];
  return valuesOf(id)
    .map((value, index) => ({ id, value, place, bits: bits[index] ?? 0, steps: distance(id, now, [value].flat()) }))
    .filter(({ value, steps }) => steps > 0 && !(id === "experience" && forgets(now, [value].flat())));
}

/** A team can learn a language, and nobody plans to unlearn one. */
function forgets(from: readonly string[], to: readonly string[]): boolean {
  return languages.some((language) => from.includes(language) && !to.includes(language));
}

function pairsOf(changes: readonly (readonly Change[])[]): Change[][] {
  return changes.flatMap((some, place) =>
    changes.slice(place + 1).flatMap((others) => some.flatMap((one) => others.map((other) => [one, other]))),
  );
}

/** Steps along the options, which stand in order; for experience, the languages that come or go. A first answer takes one for each option. */
function distance(id: QuestionId, from: readonly string[], to: readonly string[]): number {
  if (from.length === 0) return to.length;
  if (id !== "experience") return Math.abs(stepOf(id, from) - stepOf(id, to));
  const differing = languages.filter((language) => from.includes(language) !== to.includes(language));
  return differing.length;
}

const stepOf = (id: QuestionId, options: readonly string[]) => valuesOf(id).indexOf(options[0] ?? "");

/** For each set of questions and each language the change of the fewest steps; the smaller changes first. */
function nearest(candidates: readonly (Turned | undefined)[]): Turned[] {
  const best = new Map<string, Turned>();
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const key = `${candidate.changes.map(({ id }) => id)} ${candidate.language}`;
    const known = best.get(key);
    if (known === undefined || stepsOf(candidate) < stepsOf(known)) best.set(key, candidate);
  }
  return [...best.values()].sort((a, b) => stepsOf(a) - stepsOf(b));
}

const stepsOf = ({ changes }: Turned) => changes.reduce((steps, change) => steps + change.steps, 0);
