import { Problem } from "../problem.ts";

/** @throws Problem for words that no argument is left for. */
export function refuseWords(words: readonly string[]): void {
  if (words.length > 0) {
    throw new Problem(
      `"${words.join(" ")}" is not expected here.`,
      "Put -- before the flags when npm runs this: npm create groundwork my-service -- --language go",
    );
  }
}
