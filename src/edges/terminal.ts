import prompts from "prompts";
import type { Said } from "../answers.ts";
import { nextQuestion } from "../decide/next-question.ts";
import { type Answers, type QuestionId, questions } from "../decide/questions.ts";
import type { Choices } from "../model/choices.ts";
import { Interrupted } from "../problem.ts";

/** Only a person at a terminal is asked, and never a run that says `--yes` or is part of CI. */
export function mayAsk(switches: ReadonlySet<string>): boolean {
  return !switches.has("yes") && !process.env.CI && process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Asks for what is missing: the folder, what can still change the language, and the resource.
 * @throws Interrupted when the person stops.
 */
export async function interview(said: Said, folder: string | undefined): Promise<Said & { readonly folder: string }> {
  const target = folder ?? (await askText("Which folder?", "my-service"));
  const answers = said.choices.language === undefined ? await askDecision(said.answers) : said.answers;
  const resource = said.choices.resource ?? (await askText("What does it keep?", "item name:text quantity:integer"));
  const choices: Choices = { ...said.choices, resource };
  return { answers, choices, folder: target };
}

/** Asks only what can still change the language, the most telling question first; `unsure` is not asked again. */
async function askDecision(given: Answers): Promise<Answers> {
  const skipped: QuestionId[] = [];
  let answers = given;
  for (let id = nextQuestion(answers, skipped); id !== undefined; id = nextQuestion(answers, skipped)) {
    const value = await askQuestion(id);
    if (value === undefined || value.length === 0) skipped.push(id);
    else answers = { ...answers, [id]: value };
  }
  return answers;
}

async function askQuestion(id: QuestionId): Promise<string | readonly string[] | undefined> {
  const question = questions.find((row) => row.id === id);
  if (!question) throw new Error(`There is no question ${id}.`);
  const several = "several" in question;
  const options = question.options.map((option) => ({
    title: option.id,
    value: option.id as string,
    description: option.means,
  }));
  const unsure = { title: "unsure", value: "", description: "Leave it open." };
  const value: string | string[] = await ask({
    type: several ? "multiselect" : "select",
    message: question.asks,
    choices: several ? options : [...options, unsure],
    ...(several && { instructions: false, hint: "space to select, enter to go on, nothing for unsure" }),
  });
  return value === "" ? undefined : value;
}

async function askText(message: string, initial: string): Promise<string> {
  return await ask({ type: "text", message, initial });
}

async function ask<T>(question: Omit<prompts.PromptObject<"value">, "name">): Promise<T> {
  const reply = await prompts({ ...question, name: "value", stdout: process.stderr } as prompts.PromptObject<"value">);
  if (!("value" in reply)) throw new Interrupted("stopped");
  return reply.value as T;
}
