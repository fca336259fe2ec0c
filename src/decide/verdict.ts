import type { Language, Verdict, VerdictConflict, VerdictRule } from "../model/verdict.ts";
import { confidenceIn } from "./confidence.ts";
import { flipsOf } from "./flips.ts";
import { type Judgement, judge } from "./judge.ts";
import { couldStillChange } from "./next-question.ts";
import { holds, questionsOf } from "./premise.ts";
import type { Answers } from "./questions.ts";
import { notConsidered, table as ours, type Rule, type Table, weights } from "./rules.ts";

/**
 * Decides by the article's rules, whatever has been answered.
 * @param chosen the language that the person wants, whatever the rules say
 */
export function decide(answers: Answers, chosen?: Language, table: Table = ours): Verdict {
  const judgement = judge(answers, table);
  const { language, ranking } = judgement;
  const conflicts = standing(answers, judgement, table);
  return {
    language,
    confidence: confidenceIn(judgement, conflicts.length, answers, table),
    ranking,
    rules: reported(judgement, table),
    conflicts,
    flips: flipsOf(answers, table),
    open: couldStillChange(answers, [], table),
    notConsidered,
    ...(chosen === undefined || chosen === language ? {} : { chosen }),
  };
}

/** Every rule that counted or was overridden, the strongest first. */
function reported({ counted, overridden, gated }: Judgement, { gate }: Table): VerdictRule[] {
  return [
    ...(gated ? [gate] : []).map((rule) => row(rule, "counted")),
    ...counted.map((rule) => row(rule, "counted")),
    ...overridden.map((rule) => row(rule, "overridden")),
  ].sort((a, b) => weights[b.strength] - weights[a.strength] || byId(a, b));
}

function row(
  { id, favours, strength, when, because, section }: Omit<Rule, "concerns">,
  status: VerdictRule["status"],
): VerdictRule {
  return { id, favours, strength, status, answers: questionsOf(when), because, section };
}

/** Declared conflicts of which both rules count and that no answer settles. */
function standing(answers: Answers, { counted, overridden }: Judgement, { conflicts }: Table): VerdictConflict[] {
  return conflicts
    .filter(({ between, when = {}, unless, contradiction }) => {
      const meeting = contradiction ? [...counted, ...overridden] : counted;
      const both = between.every((id) => meeting.some((rule) => rule.id === id));
      return both && holds(when, answers) && !(unless && holds(unless, answers));
    })
    .map(({ id, between, message, settle }) => ({ id, between, message, settle }))
    .sort(byId);
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
