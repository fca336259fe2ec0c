import { readAnswers } from "../answers.ts";
import { contradictions } from "../decide/contradictions.ts";
import { explain } from "../decide/explain.ts";
import { type Answers, questionIds } from "../decide/questions.ts";
import { decide } from "../decide/verdict.ts";
import { whatIf, whatIfText } from "../decide/what-if.ts";
import { fitted } from "../edges/wrap.ts";
import { nearest } from "../nearest.ts";
import { Problem } from "../problem.ts";
import { type Flag, jsonFlag } from "./flags.ts";
import { readRequest } from "./request.ts";
import { refuseWords } from "./words.ts";

const whatIfFlag: Flag = {
  name: "what-if",
  about: "show the verdict before and after a change, rule by rule; may be repeated",
  value: "KEY=VALUE",
  several: true,
};

export const decideFlags: readonly Flag[] = [whatIfFlag, jsonFlag];

/** Decides only: the verdict to stdout. */
export async function run(argv: readonly string[]): Promise<void> {
  const { words, switches, values, answers, choices } = await readRequest(argv, decideFlags);
  refuseWords(words);
  const print = (data: object, text: string) =>
    process.stdout.write(`${switches.has("json") ? JSON.stringify(data, null, 2) : fitted(text, process.stdout)}\n`);
  const supposed = values.get(whatIfFlag.name);
  if (supposed !== undefined) {
    const change = changeOf(supposed);
    const compared = whatIf(answers, changed(answers, change), change);
    print(compared, whatIfText(compared));
    return;
  }
  const verdict = decide(answers, choices.language);
  for (const { message, settle } of contradictions(answers)) process.stderr.write(`${message} ${settle}\n`);
  print(verdict, explain(answers, verdict));
}

/** `deadline=open;experience=rust,go`, as a flip is printed. */
function changeOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(";").map((part) => {
      const [id = "", value, ...surplus] = part.split("=").map((word) => word.trim());
      if (!questionIds.some((each) => each === id) || !value || surplus.length > 0) {
        const hint = nearest(id, questionIds);
        throw new Problem(
          `--what-if cannot read "${part.trim()}".`,
          `${hint}Write a question and its new answer, such as --what-if deadline=open.`,
        );
      }
      return [id, value];
    }),
  );
}

/** What is supposed to be unsure is left open. */
function changed(answers: Answers, change: Readonly<Record<string, string>>): Answers {
  const kept = Object.entries(answers).filter(([id]) => !Object.hasOwn(change, id));
  return { ...Object.fromEntries(kept), ...readAnswers(change).answers };
}
