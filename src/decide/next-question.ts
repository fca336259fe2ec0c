import { bitsOf, languageAt, placeOf, rowsBeside, rowsOf, valueBits } from "./bits.ts";
import { type Outlook, outlooks } from "./outcomes.ts";
import { type Answers, type QuestionId, questionIds, said } from "./questions.ts";
import { table as ours, type Table } from "./rules.ts";

/** Comes before all others that could change the language, because the gate cannot be judged without it. */
const first: QuestionId = "experience";

/**
 * The question to ask next; none once no answer can change the language any more.
 * @param skipped asked already, and left unanswered
 */
export function nextQuestion(
  answers: Answers,
  skipped: readonly QuestionId[] = [],
  table: Table = ours,
): QuestionId | undefined {
  if (unanswered(answers, skipped).includes(first) && turnsAlone(first, answers, table)) return first;
  return couldStillChange(answers, skipped, table)[0];
}

/** The unanswered questions whose answers could still change the language, the most telling first. */
export function couldStillChange(
  answers: Answers,
  skipped: readonly QuestionId[] = [],
  table: Table = ours,
): QuestionId[] {
  return outlooks(answers, unanswered(answers, skipped), table)
    .filter(({ question, pivotal }) => pivotal || turnsAlone(question, answers, table))
    .sort(byTelling)
    .map(({ question }) => question);
}

function unanswered(answers: Answers, skipped: readonly QuestionId[]): QuestionId[] {
  return questionIds.filter((id) => said(answers, id).length === 0 && !skipped.includes(id));
}

/** Whether an answer to this question, with all else as it stands, gives another language than now. */
export function turnsAlone(id: QuestionId, answers: Answers, table: Table): boolean {
  const bits = bitsOf(answers);
  const rows = rowsBeside(bits, [id], rowsOf(table));
  const language = languageAt(bits, rows);
  const place = placeOf(id);
  return valueBits(id).some((value) => languageAt(bits.with(place, value), rows) !== language);
}

/** The best chance of settling the language, then of foreseeing it; rounded, so that the order of adding up decides nothing. */
function byTelling(a: Outlook, b: Outlook): number {
  return (
    Number(b.question === first) - Number(a.question === first) ||
    rounded(b.settling) - rounded(a.settling) ||
    rounded(b.foresight) - rounded(a.foresight) ||
    questionIds.indexOf(a.question) - questionIds.indexOf(b.question)
  );
}

const rounded = (chance: number) => Math.round(chance * 1e9);
