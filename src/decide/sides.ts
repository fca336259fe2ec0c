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

/**
 * The rules that a verdict rests on: the strongest about Rust or not and, on the pragmatic side, the strongest between Go and
 * TypeScript, where one counts.
 */
export function leading(language: Language, verdict: Pick<Verdict, "rules">, table: Table = ours): VerdictRule[] {
  const { good } = sidesOf(language, verdict, table);
  const aboutRust = good.filter((rule) => concernsRust(rule, table));
  // What Go is good at is a poor reason for TypeScript; what Rust would cost is one.
  const costly = aboutRust.filter((rule) => language !== "typescript" || costOf(rule, table) !== undefined);
  const between = good.filter((rule) => !concernsRust(rule, table));
  return [...(costly.length > 0 ? costly : aboutRust).slice(0, 1), ...between.slice(0, 1)];
}

export function concernsRust({ id }: Pick<VerdictRule, "id">, { rules }: Table = ours): boolean {
  return rules.find((rule) => rule.id === id)?.concerns.includes("rust") ?? true;
}

/** Whose cost a rule tells of; undefined where it tells a merit of the language that it favours. */
export function costOf({ id }: Pick<VerdictRule, "id">, { rules, gate }: Table = ours): Language | undefined {
  return [...rules, gate].find((rule) => rule.id === id)?.cost;
}

/** A rule that names the language comes before one that only keeps another out. */
const own = ({ favours }: VerdictRule, language: Language) => (favours === language ? 1 : 0);
