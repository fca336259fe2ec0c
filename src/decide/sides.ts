import type { Language, Verdict, VerdictRule } from "../model/verdict.ts";
import { table as ours, type Table } from "./rules.ts";

/** What a verdict's rules say of one language. */
export interface Sides {
  readonly good: readonly VerdictRule[];
  readonly bad: readonly VerdictRule[];
  readonly overridden: readonly VerdictRule[];
}

/**
 * What keeps Rust out speaks for Go and for TypeScript alike, also where the article said it of Go;
 * what decides between those two says nothing of Rust.
 */
export function sidesOf(language: Language, { rules }: Pick<Verdict, "rules">, table: Table = ours): Sides {
  const counted = rules.filter(({ status }) => status === "counted");
  return {
    good: counted
      .filter((rule) => stance(rule, language, table) > 0)
      .sort((a, b) => own(b, language) - own(a, language)),
    bad: counted.filter((rule) => stance(rule, language, table) < 0),
    overridden: language === "rust" ? rules.filter(({ status }) => status === "overridden") : [],
  };
}

function stance({ id, favours }: VerdictRule, language: Language, { rules }: Table): number {
  if (favours === language) return 1;
  const concerns = rules.find((rule) => rule.id === id)?.concerns ?? ["rust"];
  if (language === "rust") return concerns.includes("rust") ? -1 : 0;
  if (language === "typescript" && favours === "go") return concerns.includes("typescript") ? -1 : 1;
  return -1;
}

/** A rule that names the language comes before one that only keeps another out. */
const own = ({ favours }: VerdictRule, language: Language) => (favours === language ? 1 : 0);
