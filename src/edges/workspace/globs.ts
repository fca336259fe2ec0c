import picomatch from "picomatch";

/** What a root's list says of one folder. */
export type Coverage = "covered" | "excluded" | "open";

/** The same folder in one spelling: no leading `./`, no trailing `/`. */
export const plain = (pattern: string) => pattern.replace(/^(\.\/)+/, "").replace(/\/+$/, "");

const isMatch = (pattern: string, folder: string) => picomatch(plain(pattern), { nonegate: true })(folder);

/**
 * What a list of globs, negated ones among them, says of a folder.
 * @param lastCounts npm reads its list in order, so that a later line takes back an earlier one; the others subtract what is negated
 */
export function coverage(patterns: readonly string[], folder: string, lastCounts = false): Coverage {
  const said = patterns
    .map((pattern) => ({ negated: pattern.startsWith("!"), pattern: pattern.replace(/^!/, "") }))
    .filter(({ pattern }) => isMatch(pattern, folder))
    .map(({ negated }) => negated);
  if (said.length === 0) return "open";
  const excluded = lastCounts ? said.at(-1) : said.includes(true);
  return excluded ? "excluded" : "covered";
}
