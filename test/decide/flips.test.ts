import { expect, test } from "vitest";
import { flipsOf } from "../../src/decide/flips.ts";
import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, questionIds, said, valuesOf } from "../../src/decide/questions.ts";
import { table } from "../../src/decide/rules.ts";
import { partial, sampled } from "./profiles.ts";

const changeable = ["deadline", "priority", "experience", "team", "footprint"] as const;
const profiles = sampled(partial, 200);

const languageOf = (answers: Answers) => judge(answers, table).language;

test("a shut gate opens with time, or with Rust in the team", () => {
  expect(flipsOf({ stakes: ["money"], experience: ["none"], deadline: "weeks" }, table)).toEqual([
    { change: { deadline: "months" }, language: "rust" },
    { change: { experience: ["rust"] }, language: "rust" },
    { change: { experience: ["typescript"] }, language: "typescript" },
  ]);
});

test("nobody is told to handle no money", () => {
  const flips = flipsOf({ stakes: ["money"], experience: ["go"], deadline: "open", priority: "balanced" }, table);
  expect(flips.length).toBeGreaterThan(0);
  for (const { change } of flips) expect(change.stakes).toBeUndefined();
});

test("nobody is told to unlearn a language", () => {
  for (const answers of profiles) {
    for (const { change } of flipsOf(answers, table)) {
      const known = said(answers, "experience").filter((language) => language !== "none");
      if (change.experience) expect(change.experience).toEqual(expect.arrayContaining(known));
    }
  }
});

test("there may be none", () => expect(flipsOf({ kind: "infra_tooling" }, table)).toEqual([]));

test("every flip is proved by deciding again, over what people can change, at most two at once", () => {
  for (const answers of profiles) {
    for (const { change, language } of flipsOf(answers, table)) {
      expect(languageOf({ ...answers, ...change } as Answers)).toBe(language);
      expect(language).not.toBe(languageOf(answers));
      expect(changeable).toEqual(expect.arrayContaining(Object.keys(change)));
      expect(Object.keys(change).length).toBeLessThanOrEqual(2);
    }
  }
});

test("the smaller changes come first, and none holds a smaller one to the same language", () => {
  for (const answers of profiles) {
    const flips = flipsOf(answers, table);
    const sizes = flips.map(({ change }) => Object.keys(change).length);
    expect(sizes).toEqual(sizes.toSorted());
    for (const { change, language } of flips.filter((flip) => Object.keys(flip.change).length === 2)) {
      for (const id of changeable.filter((each) => change[each] !== undefined)) {
        expect(languageOf(answering(answers, id, change[id] ?? []))).not.toBe(language);
      }
    }
  }
});

test("where one change turns the language, a flip names its question", () => {
  for (const answers of profiles) {
    const turning = changeable.filter((id) =>
      valuesOf(id)
        .filter((value) => id !== "experience" || learns(answers, [value].flat()))
        .some((value) => languageOf(answering(answers, id, value)) !== languageOf(answers)),
    );
    const named = flipsOf(answers, table).flatMap(({ change }) =>
      Object.keys(change).length === 1 ? Object.keys(change) : [],
    );
    expect(new Set(named)).toEqual(new Set(turning));
  }
});

test("of several values the nearest to what was said is named", () => {
  const [flip] = flipsOf(
    { stakes: ["core_service"], experience: ["go", "typescript"], deadline: "open", priority: "invest" },
    table,
  );
  expect(flip).toEqual({ change: { priority: "balanced" }, language: "go" });
});

test("only unanswered or other values are proposed", () => {
  for (const answers of profiles) {
    for (const { change } of flipsOf(answers, table)) {
      for (const id of questionIds.filter((each) => change[each] !== undefined)) {
        expect([change[id]].flat().toSorted()).not.toEqual([...said(answers, id)].sort());
      }
    }
  }
});

function learns(answers: Answers, languages: readonly string[]): boolean {
  return said(answers, "experience").every((language) => language === "none" || languages.includes(language));
}
