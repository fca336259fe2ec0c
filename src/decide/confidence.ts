import type { Confidence } from "../model/verdict.ts";
import { type Judgement, winner } from "./judge.ts";
import { turnsAlone } from "./next-question.ts";
import { holds } from "./premise.ts";
import { type Answers, questionIds, said } from "./questions.ts";
import { type Table, weights } from "./rules.ts";

/** A reason why a verdict is no surer, in words. */
export interface Doubt {
  readonly allows: Exclude<Confidence, "clear">;
  readonly because: string;
}

/** How sure a verdict is, as `Confidence` defines it. */
export function confidenceIn(judgement: Judgement, conflicts: number, answers: Answers, table: Table): Confidence {
  const doubts = doubtsIn(judgement, conflicts, answers, table);
  if (doubts.some(({ allows }) => allows === "close")) return "close";
  return doubts.length > 0 ? "leaning" : "clear";
}

/** Everything that keeps a verdict from being clear. */
export function doubtsIn(judgement: Judgement, conflicts: number, answers: Answers, table: Table): Doubt[] {
  const turning = questionIds.filter((id) => turnsAlone(id, answers, table));
  const open = turning.filter((id) => said(answers, id).length === 0);
  const answered = turning.filter((id) => !open.includes(id));
  const doubts: readonly (readonly [boolean, Doubt["allows"], string])[] = [
    [conflicts > 0, "close", "two rules meet that the article does not rank"],
    [open.length > 0, "close", `an answer to ${either(open)} could turn it`],
    [mildRuleTurns(judgement), "close", "one mild rule more or less would turn it"],
    [answered.length > 0, "leaning", `some other answer to ${either(answered)} would turn it`],
    [judgement.overridden.length > 0, "leaning", "a need for Rust is overridden"],
    [said(answers, "experience").length === 0, "leaning", "it is not known what the team has run in production"],
    [
      atThreshold(judgement, answers, table),
      "leaning",
      "nobody here has run Rust, and a few months are just what learning it takes",
    ],
  ];
  return doubts.filter(([applies]) => applies).map(([, allows, because]) => ({ allows, because }));
}

const either = (ids: readonly string[]) => ids.join(" or ").replace(/ or (?=.* or )/g, ", ");

/** Strong reasons for Rust, nobody who knows it, and just about the time that learning it takes: nobody can call that clear. */
function atThreshold({ counted }: Judgement, answers: Answers, { threshold }: Table): boolean {
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
