import { type Answers, type Option, type QuestionId, said } from "./questions.ts";

/** What a premise asks of one question; an unanswered question meets none of these. */
export type Condition<Id extends QuestionId = QuestionId> =
  /** This is said, or one of these. */
  | Option<Id>
  | readonly Option<Id>[]
  /** Something is said, and this is not. */
  | { readonly without: Option<Id> }
  /** This is said, and nothing else. */
  | { readonly only: Option<Id> };

/** All its conditions must hold; a question that it leaves out may have any answer. */
export type Premise = { readonly [Id in QuestionId]?: Condition<Id> };

/** Asked thousands of times for one verdict, and mostly of questions without an answer. */
export function holds(premise: Premise, answers: Answers): boolean {
  for (const key in premise) {
    const id = key as QuestionId;
    if (answers[id] === undefined || !meets(premise[id], said(answers, id))) return false;
  }
  return true;
}

export function questionsOf(premise: Premise): QuestionId[] {
  return Object.keys(premise) as QuestionId[];
}

/** @param options what an answer names */
export function meets(condition: Condition | undefined, options: readonly string[]): boolean {
  if (condition === undefined) return true;
  if (typeof condition === "string") return options.includes(condition);
  if ("without" in condition) return options.length > 0 && !options.includes(condition.without);
  if ("only" in condition) return options.length > 0 && options.every((option) => option === condition.only);
  return condition.some((option) => options.includes(option));
}
