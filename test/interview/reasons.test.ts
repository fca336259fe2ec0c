import { expect, test } from "vitest";
import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, questionIds, said, valuesOf } from "../../src/decide/questions.ts";
import { gate, rules, table } from "../../src/decide/rules.ts";
import { whyNow } from "../../src/interview/reasons.ts";
import { partial, sampled } from "../decide/profiles.ts";

const named = (line: string) =>
  [...rules, gate].map(({ id }): string => id).filter((id) => new RegExp(`\\b${id}[ ,]`).test(line));
const met = (answers: Answers) => judge(answers, table).counted.map(({ id }) => id);

test("a question alone left is asked for the rules that its answers bring in, and for no others", () => {
  for (const answers of sampled(partial, 60)) {
    for (const id of questionIds.filter((each) => said(answers, each).length === 0)) {
      const others = questionIds.filter((each) => each !== id && said(answers, each).length === 0);
      const brought = new Set(valuesOf(id).flatMap((value) => met(answering(answers, id, value))));
      for (const before of met(answers)) brought.delete(before);
      const told = new Set(named(whyNow(id, answers, others, table)));
      told.delete(gate.id);
      expect([...told].filter((rule) => !brought.has(rule))).toEqual([]);
      const gated = valuesOf(id).some((value) => judge(answering(answers, id, value), table).gated);
      if (!gated) expect([...brought].filter((rule) => !told.has(rule))).toEqual([]);
    }
  }
});

test("a rule that waits for another open question is told of, and one whose question was passed is not", () => {
  expect(whyNow("priority", {}, [], table)).toContain("core-and-worth-investing");
  expect(whyNow("priority", {}, ["stakes"], table)).not.toContain("core-and-worth-investing");
  expect(whyNow("deadline", {}, [], table)).toContain("no-time-to-learn against Rust, whatever else holds");
  expect(whyNow("deadline", { experience: ["rust"] }, [], table)).not.toContain("no-time-to-learn");
});
