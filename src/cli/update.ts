import { carryOut, changeFlags } from "./change.ts";
import { parseFlags } from "./flags.ts";
import { refuseWords } from "./words.ts";

/** Brings the repository that it runs in to this version of create-groundwork. */
export async function run(argv: readonly string[]): Promise<number> {
  const parsed = parseFlags(argv, changeFlags, process.env);
  refuseWords(parsed.words);
  return carryOut(parsed, { amendments: [], update: true });
}
