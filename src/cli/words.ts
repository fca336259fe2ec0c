import { Problem } from "../problem.ts";
import { flagsHint } from "./package-manager.ts";

/** @throws Problem for words that no argument is left for. */
export function refuseWords(words: readonly string[]): void {
  if (words.length > 0) {
    throw new Problem(`"${words.join(" ")}" is not expected here.`, flagsHint(process.env));
  }
}
