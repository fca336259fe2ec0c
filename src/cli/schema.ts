import { answersSchema } from "../schema.ts";
import { parseFlags } from "./flags.ts";
import { refuseWords } from "./words.ts";

/** Prints the JSON Schema of an answers file. */
export async function run(argv: readonly string[]): Promise<void> {
  refuseWords(parseFlags(argv, [], process.env).words);
  process.stdout.write(`${JSON.stringify(answersSchema(), null, 2)}\n`);
}
