import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { judge } from "../src/decide/judge.ts";
import { nextQuestion } from "../src/decide/next-question.ts";
import { type Kind, kindsOf } from "../src/decide/outcomes.ts";
import {
  type Answers,
  answering,
  type QuestionId,
  questionIds,
  type Value,
  valuesOf,
} from "../src/decide/questions.ts";
import { table } from "../src/decide/rules.ts";
import { languages } from "../src/model/verdict.ts";

const profiles = 2000;

export interface Distribution {
  /** How many profiles needed so many questions, from nought up. */
  readonly counts: readonly number[];
  readonly mean: number;
  readonly p95: number;
  readonly most: number;
  /** The least mean that any order of asking could have had over all profiles, and what ours has. */
  readonly optimum: number;
  readonly expected: number;
  readonly ratio: number;
}

/** How many questions the interview asks of random complete profiles, and how near that is to the exact optimum. */
export function questionDistribution(): Distribution {
  const asked = fc
    .sample(profile, { numRuns: profiles, seed: 20260101 })
    .map(questionsFor)
    .sort((a, b) => a - b);
  const counts = questionIds.map(() => 0).concat(0);
  for (const questions of asked) counts[questions] = (counts[questions] ?? 0) + 1;
  const optimum = leastExpected();
  const expected = expectedFrom({});
  return {
    counts,
    mean: asked.reduce((sum, questions) => sum + questions, 0) / profiles,
    p95: asked[Math.ceil(profiles * 0.95) - 1] ?? 0,
    most: asked.at(-1) ?? 0,
    optimum,
    expected,
    ratio: expected / optimum,
  };
}

export function report({ counts, mean, p95, most, optimum, expected, ratio }: Distribution): string {
  const widest = Math.max(...counts);
  const bars = counts.flatMap((count, questions) =>
    count > 0
      ? [`  ${questions}  ${String(count).padStart(5)}  ${"#".repeat(Math.max(1, Math.round((40 * count) / widest)))}`]
      : [],
  );
  return [
    `Questions asked of ${profiles} random complete profiles`,
    ...bars,
    `mean ${mean.toFixed(2)}, 95 % within ${p95}, never more than ${most}`,
    `over all profiles ${expected.toFixed(3)} expected, and ${optimum.toFixed(3)} at the exact optimum: ${ratio.toFixed(3)} times`,
    "",
  ].join("\n");
}

/** Every whole value of a question is as likely as any other. */
const profile = fc.record(
  Object.fromEntries(questionIds.map((id) => [id, fc.constantFrom<Value>(...valuesOf(id))])),
) as fc.Arbitrary<unknown> as fc.Arbitrary<Answers>;

/** Answers that no rule tells apart are one kind, and the interview goes on alike after them. */
const kinds = new Map<QuestionId, readonly Kind[]>(questionIds.map((id) => [id, kindsOf(id, table)]));
const kindsFor = (id: QuestionId) => kinds.get(id) ?? [];

const next = new Map<string, QuestionId | undefined>();

function nextFor(answers: Answers): QuestionId | undefined {
  const key = JSON.stringify(questionIds.map((id) => answers[id]));
  if (!next.has(key)) next.set(key, nextQuestion(answers));
  return next.get(key);
}

function questionsFor(full: Answers): number {
  let answers: Answers = {};
  for (let asked = 0; ; asked++) {
    const id = nextFor(answers);
    if (id === undefined) return asked;
    answers = answering(answers, id, kindOf(id, full[id] ?? []).value);
  }
}

/** The value that stands for all of its kind. */
function kindOf(id: QuestionId, value: Value): Kind {
  const found = kindsFor(id).find(({ values }) => values.includes(value));
  if (!found) throw new Error(`${id} has no kind for ${String(value)}.`);
  return found;
}

function expectedFrom(answers: Answers): number {
  const id = nextFor(answers);
  if (id === undefined) return 0;
  return kindsFor(id).reduce((sum, { value, chance }) => sum + chance * expectedFrom(answering(answers, id, value)), 1);
}

/**
 * Dynamic programming over partial profiles by kinds, a million states: where the language is settled nothing is left to ask, and
 * elsewhere the best question is the one with the fewest expected after it.
 */
function leastExpected(): number {
  const radix = questionIds.map((id) => kindsFor(id).length + 1);
  const strides = radix.map((_, place) => radix.slice(0, place).reduce((product, width) => product * width, 1));
  const states = radix.reduce((product, width) => product * width, 1);
  const expected = new Float64Array(states);
  /** The languages that can still come of a state, a bit each. */
  const reachable = new Uint8Array(states);
  // Nought is unasked, so that every state comes after those that answer one question more.
  for (let state = states - 1; state >= 0; state--) {
    const digits = radix.map((width, place) => Math.floor(state / (strides[place] ?? 1)) % width);
    const open = digits.flatMap((digit, place) => (digit === 0 ? [place] : []));
    const [first] = open;
    if (first === undefined) {
      reachable[state] = 1 << languages.indexOf(judge(answersOf(digits), table).language);
      continue;
    }
    const after = (place: number, kind: number) => state + (kind + 1) * (strides[place] ?? 1);
    const width = (radix[first] ?? 1) - 1;
    for (let kind = 0; kind < width; kind++)
      reachable[state] = (reachable[state] ?? 0) | (reachable[after(first, kind)] ?? 0);
    if (((reachable[state] ?? 0) & ((reachable[state] ?? 0) - 1)) === 0) continue;
    let least = Infinity;
    for (const place of open) {
      let sum = 1;
      kindsFor(questionIds[place] as QuestionId).forEach(({ chance }, kind) => {
        sum += chance * (expected[after(place, kind)] ?? 0);
      });
      least = Math.min(least, sum);
    }
    expected[state] = least;
  }
  return expected[0] ?? 0;
}

function answersOf(digits: readonly number[]): Answers {
  return questionIds.reduce<Answers>((answers, id, place) => {
    const kind = kindsFor(id)[(digits[place] ?? 0) - 1];
    return kind ? answering(answers, id, kind.value) : answers;
  }, {});
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.stdout.write(report(questionDistribution()));
