import fc from "fast-check";
import { expect, test } from "vitest";
import { judge } from "../../src/decide/judge.ts";
import { couldStillChange, nextQuestion } from "../../src/decide/next-question.ts";
import { meets } from "../../src/decide/premise.ts";
import {
  type Answers,
  answering,
  type QuestionId,
  questionIds,
  said,
  type Value,
  valuesOf,
} from "../../src/decide/questions.ts";
import { gate, type Rule, rules, table } from "../../src/decide/rules.ts";
import { decide } from "../../src/decide/verdict.ts";
import { complete, partial, sampled } from "./profiles.ts";

const rows: readonly Pick<Rule, "when">[] = [...rules, gate];
const languageOf = (answers: Answers) => judge(answers, table).language;
const open = (answers: Answers) => questionIds.filter((id) => said(answers, id).length === 0);

interface Kind {
  readonly value: Value;
  readonly chance: number;
}

/** One value for all of a question's that meet the same conditions. */
const kinds = new Map<QuestionId, Kind[]>(
  questionIds.map((id) => {
    const found = new Map<string, Kind>();
    for (const value of valuesOf(id)) {
      const key = rows.map(({ when }) => meets(when[id], [value].flat())).join();
      found.set(key, { value, chance: (found.get(key)?.chance ?? 0) + 1 / valuesOf(id).length });
    }
    return [id, [...found.values()]];
  }),
);

const kindsOf = (id: QuestionId) => kinds.get(id) ?? [];

/** Every way of answering these questions. */
function* ways(answers: Answers, ids: readonly QuestionId[]): Iterable<Answers> {
  const [id, ...rest] = ids;
  if (id === undefined) yield answers;
  else for (const { value } of kindsOf(id)) yield* ways(answering(answers, id, value), rest);
}

interface Walk {
  readonly questions: number;
  readonly most: number;
  readonly leaves: number;
  readonly wrong: number;
}

/** Every path through the interview, by kinds of answers; where one ends, every way of answering what it left out is decided too. */
function walk(answers: Answers, chance = 1, asked = 0): Walk {
  const next = nextQuestion(answers);
  if (next === undefined) {
    const wrong = [...ways(answers, open(answers))].filter((full) => languageOf(full) !== languageOf(answers));
    return { questions: chance * asked, most: asked, leaves: 1, wrong: wrong.length };
  }
  const parts = kindsOf(next).map(({ value, chance: share }) =>
    walk(answering(answers, next, value), chance * share, asked + 1),
  );
  return parts.reduce((a, b) => ({
    questions: a.questions + b.questions,
    most: Math.max(a.most, b.most),
    leaves: a.leaves + b.leaves,
    wrong: a.wrong + b.wrong,
  }));
}

test("no path through the interview ends on another language than the full questionnaire, or asks much", () => {
  const { questions, most, leaves, wrong } = walk({});
  expect(wrong).toBe(0);
  expect(leaves).toBeGreaterThan(500);
  expect(questions).toBeLessThan(4.1);
  expect(most).toBeLessThanOrEqual(9);
});

test("choosing a question is quick", () => {
  couldStillChange({});
  const start = process.cpuUsage();
  couldStillChange({});
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(50);
});

test("with answers skipped, what is left out cannot change the language either", () => {
  const unlucky = fc.record({ full: complete, skipped: fc.subarray([...questionIds]) });
  fc.assert(
    fc.property(unlucky, ({ full, skipped }) => {
      let answers: Answers = {};
      const passed: QuestionId[] = [];
      for (let next = nextQuestion(answers); next; next = nextQuestion(answers, passed)) {
        expect(said(answers, next)).toEqual([]);
        expect(passed).not.toContain(next);
        if (skipped.includes(next)) passed.push(next);
        else answers = answering(answers, next, full[next] ?? []);
      }
      const rest = open(answers).filter((id) => !passed.includes(id) && !skipped.includes(id));
      expect(languageOf(rest.reduce((all, id) => answering(all, id, full[id] ?? []), answers))).toBe(
        languageOf(answers),
      );
    }),
    { numRuns: 120 },
  );
});

test("an unsure answer gives a language that some answer would have given", () => {
  for (const answers of sampled(partial, 400)) {
    for (const id of open(answers)) {
      const others = valuesOf(id).map((value) => languageOf(answering(answers, id, value)));
      expect(others).toContain(languageOf(answers));
    }
  }
});

test("what could still change the language is exactly what some way of answering makes change it", () => {
  for (const answers of sampled(complete, 80)) {
    const left = questionIds
      .filter((id) => !["stakes", "hard_parts"].includes(id))
      .filter((_, place) => place % 2 === 0);
    const known = Object.fromEntries(
      Object.entries(answers).filter(([id]) => !left.some((each) => each === id)),
    ) as Answers;
    const pivotal = left.filter((id) => {
      const others = left.filter((each) => each !== id);
      return [...ways(known, others)].some(
        (way) => new Set(valuesOf(id).map((value) => languageOf(answering(way, id, value)))).size > 1,
      );
    });
    expect(new Set(couldStillChange(known))).toEqual(new Set(pivotal));
  }
});

test("a verdict's open questions begin with the one to ask next, and hold every one that alone turns it", () => {
  for (const answers of sampled(partial, 100)) {
    const { language, open: still } = decide(answers);
    expect(still[0]).toBe(nextQuestion(answers));
    for (const id of open(answers)) {
      if (valuesOf(id).some((value) => languageOf(answering(answers, id, value)) !== language))
        expect(still).toContain(id);
    }
  }
});

test("experience comes first wherever it could change the language", () => {
  for (const answers of sampled(partial, 100)) {
    const still = couldStillChange(answers);
    if (still.includes("experience")) expect(still[0]).toBe("experience");
  }
});

test("nothing is asked twice, and everything answered asks nothing", () => {
  expect(couldStillChange({}, questionIds)).toEqual([]);
  for (const answers of sampled(complete, 20)) expect(nextQuestion(answers)).toBeUndefined();
});
