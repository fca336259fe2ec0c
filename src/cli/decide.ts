import { contradictions } from "../decide/contradictions.ts";
import { explain } from "../decide/explain.ts";
import { decide } from "../decide/verdict.ts";
import { type Flag, jsonFlag } from "./flags.ts";
import { readRequest } from "./request.ts";
import { refuseWords } from "./words.ts";

export const decideFlags: readonly Flag[] = [jsonFlag];

/** Decides only: the verdict to stdout. */
export async function run(argv: readonly string[]): Promise<void> {
  const { words, switches, answers, choices } = await readRequest(argv, decideFlags);
  refuseWords(words);
  const verdict = decide(answers, choices.language);
  for (const { message, settle } of contradictions(answers)) process.stderr.write(`${message} ${settle}\n`);
  process.stdout.write(
    switches.has("json") ? `${JSON.stringify(verdict, null, 2)}\n` : `${explain(answers, verdict)}\n`,
  );
}
