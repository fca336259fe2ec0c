import { expect, test } from "vitest";
import { type Answers, answering, questionIds, questions, said, valuesOf } from "../../src/decide/questions.ts";

test("the nine questions, in their order", () => {
  expect(questionIds).toEqual([
    "kind",
    "stakes",
    "load",
    "hard_parts",
    "experience",
    "deadline",
    "priority",
    "team",
    "footprint",
  ]);
});

test.each(questions)("$id: every option has an id and a meaning of its own", ({ options }) => {
  expect(new Set(options.map(({ id }) => id)).size).toBe(options.length);
  expect(new Set(options.map(({ means }) => means)).size).toBe(options.length);
});

test("whole values: one option, or every set without none, or none alone", () => {
  expect(valuesOf("team")).toEqual(["solo", "small", "many"]);
  expect(valuesOf("experience")).toEqual([
    ["rust"],
    ["go"],
    ["typescript"],
    ["rust", "go"],
    ["rust", "typescript"],
    ["go", "typescript"],
    ["rust", "go", "typescript"],
    ["none"],
  ]);
  expect(questionIds.map((id) => valuesOf(id).length)).toEqual([7, 8, 3, 64, 8, 3, 3, 3, 2]);
});

test("what is said is a list, whatever the question", () => {
  const answers: Answers = { team: "many", stakes: ["money"], hard_parts: [] };
  expect([said(answers, "team"), said(answers, "stakes"), said(answers, "hard_parts"), said(answers, "load")]).toEqual([
    ["many"],
    ["money"],
    [],
    [],
  ]);
  expect(answering(answers, "team", "solo")).toEqual({ ...answers, team: "solo" });
});
