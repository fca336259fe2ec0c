import { readAnswers, type Said } from "../answers.ts";
import { Problem } from "../problem.ts";
import { answerFlags, answersFlag, type Flag, type Parsed, parseFlags } from "./flags.ts";

/** What a command was asked, and the answers from its file and flags; a flag beats the file. */
export async function readRequest(argv: readonly string[], own: readonly Flag[]): Promise<Parsed & Said> {
  const parsed = parseFlags(argv, [...own, answersFlag, ...answerFlags], process.env);
  const file = parsed.values.get(answersFlag.name);
  const fromFile = file === undefined ? {} : await (await import("../edges/answers-file.ts")).readAnswersFile(file);
  if (fromFile === null) {
    throw new Problem("The answers file is empty.", "Write one key for each answer, such as kind: crud_api.");
  }
  const fromFlags = answerFlags.flatMap(({ name }) => {
    const value = parsed.values.get(name);
    return value === undefined ? [] : [[name.replaceAll("-", "_"), value]];
  });
  return {
    ...parsed,
    ...readAnswers(isObject(fromFile) ? { ...fromFile, ...Object.fromEntries(fromFlags) } : fromFile),
  };
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
