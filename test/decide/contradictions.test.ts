import { expect, test } from "vitest";
import { contradictions } from "../../src/decide/contradictions.ts";
import type { Answers, QuestionId } from "../../src/decide/questions.ts";
import { complete, sampled } from "./profiles.ts";

test.each<[Answers, QuestionId[][]]>([
  [{}, []],
  [{ stakes: ["none"], experience: ["rust", "go"] }, []],
  [{ deadline: "weeks", priority: "ship_fast" }, []],
  [{ stakes: ["none", "money"] }, [["stakes"]]],
  [{ hard_parts: ["stateful", "none"], experience: ["none", "go"] }, [["hard_parts"], ["experience"]]],
  [{ deadline: "weeks", priority: "invest" }, [["deadline", "priority"]]],
])("%j", (answers, expected) => {
  const found = contradictions(answers);
  expect(found.map(({ questions }) => questions)).toEqual(expected);
  for (const { message, settle } of found) expect(`${message} ${settle}`).toMatch(/^\S.*\.$/);
});

test("whole values contradict only between questions", () => {
  for (const answers of sampled(complete, 300)) {
    expect(contradictions(answers).length).toBe(answers.deadline === "weeks" && answers.priority === "invest" ? 1 : 0);
  }
});
