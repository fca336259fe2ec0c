import { tableData, tableText } from "../decide/rule-table.ts";
import { fitted } from "../edges/wrap.ts";
import { type Flag, jsonFlag, parseFlags } from "./flags.ts";
import { refuseWords } from "./words.ts";

export const rulesFlags: readonly Flag[] = [jsonFlag];

/** Prints the table that every verdict comes from. */
export async function run(argv: readonly string[]): Promise<void> {
  const { words, switches } = parseFlags(argv, rulesFlags, process.env);
  refuseWords(words);
  process.stdout.write(
    switches.has("json") ? `${JSON.stringify(tableData(), null, 2)}\n` : `${fitted(tableText(), process.stdout)}\n`,
  );
}
