import type { Language } from "../model/verdict.ts";
import { holds } from "./premise.ts";
import type { Answers } from "./questions.ts";
import { type Challenger, type Rule, type Table, weights } from "./rules.ts";

export interface Judgement {
  readonly language: Language;
  readonly ranking: readonly Language[];
  /** Rules whose premise holds. */
  readonly counted: readonly Rule[];
  /** Rules for Rust whose premise holds, but which the gate shuts out. */
  readonly overridden: readonly Rule[];
  readonly cases: Cases;
  readonly gated: boolean;
}

/** What speaks for a challenger less what speaks against it; it beats Go only above nought. */
export type Cases = Readonly<Record<Challenger, number>>;

/** The language for the answers, and how near the others came. */
export function judge(answers: Answers, { rules, gate }: Table): Judgement {
  const met = rules.filter(({ when }) => holds(when, answers));
  const gated = holds(gate.when, answers);
  const overridden = met.filter(({ favours }) => gated && favours === "rust");
  const counted = met.filter((rule) => !overridden.includes(rule));
  const cases = casesFrom(counted);
  const ranking = rank(cases, gated);
  return { language: winner(cases.rust, cases.typescript, gated), ranking, counted, overridden, cases, gated };
}

export function casesFrom(met: readonly Rule[]): Cases {
  const cases = { rust: 0, typescript: 0 };
  for (const { concerns, favours, strength } of met) {
    for (const challenger of concerns) {
      cases[challenger] += favours === challenger ? weights[strength] : -weights[strength];
    }
  }
  return cases;
}

/** First Rust or not; then, where not, Go or TypeScript. */
export function winner(rust: number, typescript: number, gated: boolean): Language {
  if (rust > 0 && !gated) return "rust";
  return typescript > 0 ? "typescript" : "go";
}

/** Behind Go comes whichever fell less short; Rust last where the gate shuts it out. */
function rank(cases: Cases, gated: boolean): Language[] {
  const first = winner(cases.rust, cases.typescript, gated);
  if (first === "rust") return cases.typescript > 0 ? ["rust", "typescript", "go"] : ["rust", "go", "typescript"];
  if (first === "typescript") return ["typescript", "go", "rust"];
  return cases.rust >= cases.typescript && !gated ? ["go", "rust", "typescript"] : ["go", "typescript", "rust"];
}
