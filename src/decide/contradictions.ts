import { holds, questionsOf } from "./premise.ts";
import { type Answers, type QuestionId, questions, said } from "./questions.ts";
import { table as ours, type Table } from "./rules.ts";

/** Answers that cannot all be meant. They are named and asked about, never repaired in silence. */
export interface Contradiction {
  readonly questions: readonly QuestionId[];
  readonly message: string;
  readonly settle: string;
}

export function contradictions(answers: Answers, table: Table = ours): Contradiction[] {
  return [...besideNone(answers), ...opposed(answers, table)];
}

function besideNone(answers: Answers): Contradiction[] {
  return questions
    .map(({ id }) => ({ id, others: said(answers, id).filter((option) => option !== "none") }))
    .filter(({ id, others }) => others.length > 0 && said(answers, id).includes("none"))
    .map(({ id, others }) => ({
      questions: [id],
      message: `${id} says "none" beside ${others.join(", ")}.`,
      settle: `Leave out "none", or say only "none".`,
    }));
}

function opposed(answers: Answers, { rules, conflicts }: Table): Contradiction[] {
  return conflicts
    .filter(({ contradiction }) => contradiction)
    .map(({ between, message, settle }) => ({
      sides: rules.filter(({ id }) => between.some((side) => side === id)),
      message,
      settle,
    }))
    .filter(({ sides }) => sides.every(({ when }) => holds(when, answers)))
    .map(({ sides, message, settle }) => ({
      questions: sides.flatMap(({ when }) => questionsOf(when)),
      message,
      settle,
    }));
}
