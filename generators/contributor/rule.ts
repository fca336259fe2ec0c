import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, questions, said, valuesOf } from "../../src/decide/questions.ts";
import { type Rule, type Section, table } from "../../src/decide/rules.ts";
import { languages, strengths } from "../../src/model/verdict.ts";
import { Problem } from "../../src/problem.ts";
import type { Generator, Inputs } from "../generator.ts";
import { add, idOf, oneOf, required } from "./insert.ts";

const json = JSON.stringify;

/** One claim of the article as a row of the table, and a profile that this row alone decides as the row of its test. */
export const rule: Generator = {
  name: "rule",
  description: "a rule of the decision: its row, and the profile that it decides",
  inputs: [
    { name: "id", about: "id, such as handles-money" },
    { name: "claim", about: "number of the article's claim" },
    { name: "question", about: "question that its premise reads" },
    { name: "option", about: "option that must be said" },
    { name: "concerns", about: "whose case it counts in: rust or typescript" },
    { name: "favours", about: "language that it favours" },
    { name: "strength", about: "decisive, strong or mild" },
    { name: "because", about: "one plain sentence" },
    { name: "section", about: "heading of the article's section" },
  ],
  async run(given, root) {
    const row = rowOf(given);
    const { answers, language, otherwise } = decidedBy(row);
    await add(
      {
        files: {},
        rows: [
          { file: "src/decide/rules.ts", list: "rules", row: `  ${json(row)},` },
          {
            file: "test/decide/rules.test.ts",
            list: "decidedBy",
            row: `  ${json(row.id)}: [${json(answers)}, ${json(language)}, ${json(otherwise)}],`,
          },
        ],
        stale: [{ file: "src/decide/rules.ts", pattern: neutralRow(row) }],
      },
      root,
    );
    return "src/decide/rules.ts, test/decide/rules.test.ts; now run npm run fix && npm test, and read which verdicts it moves";
  },
};

/** An option that a rule reads is not neutral any more. */
function neutralRow({ when }: Rule): RegExp {
  const [[question, option] = []] = Object.entries(when);
  return new RegExp(`\\n  \\{\\s*question: "${question}",\\s*option: "${option}",[^}]*\\},`);
}

function rowOf(given: Inputs): Rule {
  const claim = Number(required(given, "claim"));
  if (!Number.isInteger(claim) || claim < 1) throw new Problem(`"${given.claim}" is no claim.`, "Pass its number.");
  const ids = questions.map(({ id }) => id);
  const question = oneOf(given, "question", ids);
  const options = questions.find(({ id }) => id === question)?.options.map(({ id }) => id) ?? [];
  return {
    id: idOf(given, "id"),
    claims: [claim],
    when: { [question]: oneOf(given, "option", options) },
    concerns: [oneOf(given, "concerns", ["rust", "typescript"])],
    favours: oneOf(given, "favours", languages),
    strength: oneOf(given, "strength", strengths),
    because: required(given, "because"),
    section: required(given, "section") as Section,
  };
}

interface Decided {
  readonly answers: Answers;
  readonly language: string;
  readonly otherwise: string;
}

/** @throws Problem when the rule turns no profile of its premise and up to three more answers: it would never matter. */
function decidedBy(row: Rule): Decided {
  const [question, option] = Object.entries(row.when)[0] as [keyof Rule["when"], string];
  const several = questions.some(({ id, ...rest }) => id === question && "several" in rest);
  let profiles: Profile[] = [{ answers: answering({}, question, several ? [option] : option), from: 0 }];
  for (let more = 0; more <= 3; more++) {
    const found = profiles.map(({ answers }) => tried(row, answers)).find((decided) => decided !== undefined);
    if (found) return found;
    profiles = profiles.flatMap(grown);
  }
  throw new Problem(`The rule "${row.id}" would turn no verdict.`, "Give it another premise, side or strength.");
}

function tried(row: Rule, answers: Answers): Decided | undefined {
  const language = judge(answers, { ...table, rules: [...table.rules, row] }).language;
  const otherwise = judge(answers, table).language;
  return language === otherwise ? undefined : { answers, language, otherwise };
}

interface Profile {
  readonly answers: Answers;
  /** The first question that may still be added, so that no profile is made twice. */
  readonly from: number;
}

/** One answer more; lists with one option, which is enough to meet a premise. */
function grown({ answers, from }: Profile): Profile[] {
  return questions.flatMap(({ id }, place) => {
    if (place < from || said(answers, id).length > 0) return [];
    const values = valuesOf(id).filter((value) => typeof value === "string" || value.length === 1);
    return values.map((value) => ({ answers: answering(answers, id, value), from: place + 1 }));
  });
}
