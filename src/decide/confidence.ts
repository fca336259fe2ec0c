import type { Confidence } from "../model/verdict.ts";
import { type Judgement, winner } from "./judge.ts";
import { turnsAlone } from "./next-question.ts";
import { holds } from "./premise.ts";
import { type Answers, questionIds, said } from "./questions.ts";
import { type Table, weights } from "./rules.ts";

/** How sure a verdict is, as `Confidence` defines it. */
export function confidenceIn(judgement: Judgement, conflicts: number, answers: Answers, table: Table): Confidence {
  const turning = questionIds.filter((id) => turnsAlone(id, answers, table));
  const unasked = turning.some((id) => said(answers, id).length === 0);
  if (conflicts > 0 || unasked || mildRuleTurns(judgement)) return "close";
  const doubt =
    judgement.overridden.length > 0 ||
    said(answers, "experience").length === 0 ||
    atThreshold(judgement, answers, table);
  return turning.length > 0 || doubt ? "leaning" : "clear";
}

/** Strong reasons for Rust, nobody who knows it, and just about the time that learning it takes: nobody can call that clear. */
export function atThreshold({ counted }: Pick<Judgement, "counted">, answers: Answers, { threshold }: Table): boolean {
  return (
    holds(threshold, answers) && counted.some(({ favours, strength }) => favours === "rust" && strength !== "mild")
  );
}

/** Whether one mild rule more, or less, on either side would give another language. */
function mildRuleTurns({ language, cases: { rust, typescript }, gated }: Judgement): boolean {
  const nudges = [-weights.mild, weights.mild];
  return nudges.some(
    (nudge) =>
      winner(rust + nudge, typescript, gated) !== language || winner(rust, typescript + nudge, gated) !== language,
  );
}
