import { type FeatureRow, features } from "../compose/features.ts";
import { type Answers, answering, type QuestionId, questions, said } from "../decide/questions.ts";

/** A feature, and the answer that asks for it. */
export interface Offer extends FeatureRow {
  readonly question: QuestionId;
  readonly option: string;
  /** What that answer means. */
  readonly means: string;
}

/** What answers would add to the repository; kinds only while none is said, because a service is of one kind. */
export function offers(answers: Answers): Offer[] {
  return features.map(offerOf).filter(({ question }) => question !== "kind" || answers.kind === undefined);
}

/** Offers that the answers ask for already. */
export function asked(answers: Answers): string[] {
  return offers(answers)
    .filter(({ question, option }) => said(answers, question).includes(option))
    .map(({ id }) => id);
}

/** The answers once exactly these of the offers are wanted; undefined when they cannot all be answers. */
export function picking(answers: Answers, picked: readonly string[]): Answers | undefined {
  const offered = offers(answers);
  const touched = questions.filter(({ id }) => offered.some(({ question }) => question === id));
  let so = answers;
  for (const question of touched) {
    const own = offered.filter((offer) => offer.question === question.id);
    const wanted = own.filter(({ id }) => picked.includes(id)).map(({ option }) => option);
    const before = said(answers, question.id);
    const others = before.filter((option) => !own.some((offer) => offer.option === option));
    const several = "several" in question;
    if (!several && wanted.length > 1) return undefined;
    const after = several
      ? [...others.filter((option) => wanted.length === 0 || option !== "none"), ...wanted]
      : wanted.length > 0
        ? wanted
        : others;
    if (after.toSorted().join() === [...before].sort().join()) continue;
    const [only = ""] = after;
    so =
      after.length === 0
        ? without(so, question.id)
        : answering(so, question.id, several ? ordered(question, after) : only);
  }
  return so;
}

/** The same answers, but for one that is taken back. */
export function without(answers: Answers, id: QuestionId): Answers {
  const { [id]: _, ...others } = answers;
  return others;
}

function ordered({ options }: (typeof questions)[number], chosen: readonly string[]): string[] {
  return options.map(({ id }): string => id).filter((id) => chosen.includes(id));
}

function offerOf(row: FeatureRow): Offer {
  const [[question, option] = []] = Object.entries(row.when) as [QuestionId, string][];
  const asks = questions.find(({ id }) => id === question);
  const found = asks?.options.find(({ id }) => id === option);
  if (!asks || !found) throw new Error(`The feature ${row.id} is asked for by no option.`);
  return { ...row, question: asks.id, option: found.id, means: found.means };
}
