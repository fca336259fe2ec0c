import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, questionIds, said, type Value, valuesOf } from "../../src/decide/questions.ts";
import { type Rule, rules, table } from "../../src/decide/rules.ts";
import { decide } from "../../src/decide/verdict.ts";
import { languages } from "../../src/model/verdict.ts";
import { complete, partial, sampled } from "./profiles.ts";
import { nearer } from "./properties.ts";
import { scenarios } from "./scenarios.ts";

const rows: readonly Rule[] = rules;

test.each(scenarios)("$description", ({ answers, allowed, overridden, conflict }) => {
  const { language, confidence, rules: reported, conflicts } = decide(answers);
  expect(allowed).toContain(language);
  if (allowed.includes("rust") && allowed.includes("go")) expect(confidence).not.toBe("clear");
  if (overridden) expect(reported).toContainEqual(expect.objectContaining({ id: overridden, status: "overridden" }));
  if (conflict) expect(conflicts).toContainEqual(expect.objectContaining({ id: conflict }));
  if (conflict) expect(confidence).toBe("close");
});

test("nothing answered is Go by the default, and says so", () => {
  expect(decide({})).toMatchObject({
    language: "go",
    confidence: "close",
    ranking: ["go", "rust", "typescript"],
    rules: [{ id: "go-by-default", favours: "go", status: "counted", answers: [] }],
    conflicts: [],
  });
});

test("prints exactly the agreed keys, in their order", () => {
  const verdict = decide({ stakes: ["money"], experience: ["go"], priority: "ship_fast" });
  expect(Object.keys(verdict)).toEqual([
    "language",
    "confidence",
    "ranking",
    "rules",
    "conflicts",
    "flips",
    "open",
    "notConsidered",
  ]);
  expect(Object.keys(verdict.rules[0] ?? {})).toEqual([
    "id",
    "favours",
    "strength",
    "status",
    "answers",
    "because",
    "section",
  ]);
  expect(Object.keys(verdict.conflicts[0] ?? {})).toEqual(["id", "between", "message", "settle"]);
  expect(Object.keys(verdict.flips[0] ?? {})).toEqual(["change", "language"]);
});

test("an override stands beside the verdict, and agreeing is none", () => {
  expect(decide({ load: "io_bound" }, "rust")).toEqual({ ...decide({ load: "io_bound" }), chosen: "rust" });
  expect(decide({ load: "io_bound" }, "go")).toEqual(decide({ load: "io_bound" }));
});

test("an empty list is no answer", () => {
  expect(decide({ stakes: [], hard_parts: [], experience: [] })).toEqual(decide({}));
});

test("a verdict for every profile, ranking every language once, its own first", () => {
  fc.assert(
    fc.property(partial, (answers) => {
      const { language, ranking } = judge(answers, table);
      expect(ranking[0]).toBe(language);
      expect([...ranking].sort()).toEqual([...languages].sort());
    }),
    { numRuns: 2000 },
  );
});

test("the order of rules, of answers and within a list changes nothing", () => {
  const turned = { ...table, rules: rows.toReversed(), conflicts: table.conflicts.toReversed() };
  fc.assert(
    fc.property(partial, (answers) => {
      expect(decide(backwards(answers), undefined, turned)).toEqual(decide(answers));
    }),
    { numRuns: 40 },
  );
});

function backwards(answers: Answers): Answers {
  const entries = Object.entries(answers).toReversed();
  return Object.fromEntries(
    entries.map(([id, value]: [string, Value]) => [
      id,
      typeof value === "string" ? value : [...value, ...value].toReversed(),
    ]),
  );
}

test("every rule that holds is reported, counted unless the gate shuts Rust out", () => {
  for (const answers of sampled(partial, 100)) {
    const { language, rules: reported } = decide(answers);
    const shut =
      answers.deadline === "weeks" && said(answers, "experience").length > 0 && !answers.experience?.includes("rust");
    if (shut) expect(language).not.toBe("rust");
    expect(reported.some(({ id }) => id === "no-time-to-learn")).toBe(shut);
    for (const { favours, status } of reported) expect(status === "overridden").toBe(shut && favours === "rust");
    expect(reported.map(({ favours }) => favours)).toContain(language);
  }
});

describe("experience unanswered is no gate", () => {
  const verdict = decide({ stakes: ["money", "rock_solid_load"], deadline: "weeks", hard_parts: ["stateful"] });
  test("need decides", () => expect(verdict.language).toBe("rust"));
  test("and experience is the first to ask", () => expect(verdict.open[0]).toBe("experience"));
  test("and nothing is clear", () => {
    for (const answers of sampled(complete, 60)) {
      const { experience: _, ...others } = answers;
      expect(decide(others).confidence).not.toBe("clear");
    }
  });
});

test.each(nearer)("%s never moves away from Rust", (_what, pair) => {
  fc.assert(
    fc.property(partial, (answers) => {
      const [farther, closer] = pair(answers);
      if (judge(farther, table).language === "rust") expect(judge(closer, table).language).toBe("rust");
    }),
    { numRuns: 1500 },
  );
});

test("a third language never reorders the other two", () => {
  const withoutTypescript = { ...table, rules: rows.filter(({ concerns }) => concerns.includes("rust")) };
  const withoutRust = { ...table, rules: rows.filter(({ concerns }) => concerns.includes("typescript")) };
  for (const answers of sampled(partial, 2000)) {
    const { ranking } = judge(answers, table);
    expect(ranking.filter((each) => each !== "typescript")).toEqual(
      judge(answers, withoutTypescript).ranking.filter((each) => each !== "typescript"),
    );
    expect(ranking.filter((each) => each !== "rust")).toEqual(
      judge(answers, withoutRust).ranking.filter((each) => each !== "rust"),
    );
  }
});

test("what speaks only between Go and TypeScript never decides about Rust", () => {
  for (const answers of sampled(partial, 500)) {
    const { footprint: _, ...others } = answers;
    if (answers.load === "cpu_bound") continue;
    for (const footprint of valuesOf("footprint")) {
      expect(judge(answering(others, "footprint", footprint), table).language === "rust").toBe(
        judge(others, table).language === "rust",
      );
    }
  }
});

test("every question is answered by whole values that the table knows", () => {
  expect(questionIds.map((id) => valuesOf(id).length)).toEqual([7, 8, 3, 64, 8, 3, 3, 3, 2]);
});
