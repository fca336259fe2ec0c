import { type Answers, questions } from "./decide/questions.ts";
import { type Choices, choices } from "./model/choices.ts";
import { nearest } from "./nearest.ts";
import { Problem } from "./problem.ts";

/** What the user said: decision answers, and the choices beside them. */
export interface Said {
  readonly answers: Answers;
  readonly choices: Choices;
}

const longestText = 200;

/** Every other choice has a grammar of its own, and none has a use for more. */
const longestChoice = 16_384;
const mostFaults = 10;

/** Controls, line separators, halves of characters, and marks that make text read otherwise than it is written. */
const unprintable =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Noncharacter_Code_Point}/u;

const keys: readonly string[] = [...questions, ...choices].map(({ id }) => id);

/**
 * Reads answers from data: an answers file, flags or a host's arguments.
 * `unsure` and an absent key are the same; a list may be written as text with commas.
 * @throws Problem that names every fault at once.
 */
export function readAnswers(data: unknown): Said {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new Problem("The answers are not an object.", hint);
  }
  const faults: string[] = [];
  const answers: Record<string, unknown> = {};
  const chosen: Record<string, string> = {};
  for (const [key, value] of Object.entries(data)) {
    const question = questions.find(({ id }) => id === key);
    const choice = choices.find(({ id }) => id === key);
    if (question) keep(answers, key, answerOf(question, value, faults));
    else if (choice) keep(chosen, key, choiceOf(choice, value, faults));
    else faults.push(`"${key}" is not a question. ${nearest(key, keys)}`.trim());
  }
  if (faults.length > 0) throw new Problem(listed(faults), hint);
  return { answers: answers as Answers, choices: chosen as Choices };
}

const hint = "Write one key for each answer; `npx create-groundwork schema` prints what each takes.";

function listed(faults: readonly string[]): string {
  const rest = faults.length - mostFaults;
  return [...faults.slice(0, mostFaults), ...(rest > 0 ? [`and ${rest} more.`] : [])].join("\n");
}

type Question = (typeof questions)[number];
type Choice = (typeof choices)[number];

function keep(into: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined) into[key] = value;
}

function answerOf(question: Question, value: unknown, faults: string[]): string | string[] | undefined {
  const several = "several" in question;
  const options: readonly string[] = question.options.map(({ id }) => id);
  const given = (
    several && typeof value === "string" ? value.split(",").map((part) => part.trim()) : [value].flat()
  ) as unknown[];
  const known = given.filter((option) => option !== "unsure");
  for (const option of known) {
    if (typeof option === "string" && options.includes(option)) continue;
    const hint = typeof option === "string" ? nearest(option, options) : "";
    faults.push(
      `${question.id}: ${JSON.stringify(option)} is not an option. ${hint}It takes ${options.join(", ")} or unsure.`,
    );
  }
  if (!several && given.length !== 1) faults.push(`${question.id}: takes one option.`);
  if (known.length === 0) return undefined;
  return several
    ? [...new Set(known as string[])].sort((a, b) => options.indexOf(a) - options.indexOf(b))
    : (known[0] as string);
}

function choiceOf(choice: Choice, value: unknown, faults: string[]): string | undefined {
  if (value === "unsure") return undefined;
  if (typeof value !== "string" || value.trim() === "") {
    faults.push(`${choice.id}: takes a text.`);
    return undefined;
  }
  if ("options" in choice && !(choice.options as readonly string[]).includes(value)) {
    faults.push(
      `${choice.id}: "${value}" is not an option. ${nearest(value, choice.options)}It takes ${choice.options.join(", ")}.`,
    );
  }
  const longest = choice.id === "description" ? longestText : longestChoice;
  if (value.length > longest || unprintable.test(value)) {
    faults.push(`${choice.id}: takes one line of up to ${longest} printable characters.`);
  }
  return value.trim();
}
