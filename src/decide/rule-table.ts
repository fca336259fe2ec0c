import { languageNames } from "../model/verdict.ts";
import { type Claim, claims } from "./claims.ts";
import { type Condition, type Premise, questionsOf } from "./premise.ts";
import { article, conflicts, gate, neutral, nonRules, notConsidered, type Rule, rules, weights } from "./rules.ts";

/** How rules add up to a verdict, for a person who wants to argue with one. */
export const adding: readonly string[] = [
  `Go is where the article starts. Rust and TypeScript each make a case against it: what speaks for the challenger less what speaks against it, where a decisive rule counts ${weights.decisive}, a strong one ${weights.strong} and a mild one ${weights.mild}.`,
  "Rust wins when its case is above nought and the gate is open. Otherwise TypeScript wins when its case is above nought, and Go when not.",
];

/** What counts a claim, or why none does. */
export type Carrier =
  | { readonly rule: Omit<Rule, "concerns"> & Partial<Pick<Rule, "concerns">>; readonly is: "rule" | "gate" }
  | { readonly because: string; readonly is: "behaviour" | "non-rule" };

/** @throws Error for a claim that nothing covers; a test knows that there is none. */
export function carriersOf({ number }: Claim): Carrier[] {
  const counted = (rules as readonly Rule[]).filter((rule) => rule.claims.includes(number));
  const carriers: Carrier[] = [
    ...counted.map((rule) => ({ rule, is: "rule" as const })),
    ...((gate.claims as readonly number[]).includes(number) ? [{ rule: gate, is: "gate" as const }] : []),
    ...nonRules.filter(({ claim }) => claim === number).map(({ is, because }) => ({ is, because })),
  ];
  if (carriers.length === 0) throw new Error(`Nothing covers claim ${number}.`);
  return carriers;
}

/** `stakes has money, and priority is invest`. */
export function premiseText(premise: Premise): string {
  const parts = questionsOf(premise).map((id) => `${id} ${conditionText(premise[id] ?? [])}`);
  return parts.length === 0 ? "always" : parts.join(", and ");
}

function conditionText(condition: Condition): string {
  if (typeof condition === "string") return `is ${condition}`;
  if ("without" in condition) return `is answered, without ${condition.without}`;
  if ("only" in condition) return `is only ${condition.only}`;
  return `is one of ${condition.join(", ")}`;
}

/** The whole table as data. */
export function tableData(): object {
  return { article, weights, claims, rules, gate, conflicts, nonRules, neutral, notConsidered };
}

/** The whole table for a terminal. */
export function tableText(): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ...(["rust", "go", "typescript"] as const).map(
      (language) =>
        [
          `For ${languageNames[language]}`,
          (rules as readonly Rule[]).filter(({ favours }) => favours === language).map(ruleText),
        ] as const,
    ),
    ["The gate, against Rust", [ruleText(gate)]],
    [
      "Where two rules meet that the article does not rank",
      conflicts.map(
        ({ id, between, message, settle }) => `${id} (${between.join(", ")})\n    ${message}\n    ${settle}`,
      ),
    ],
    [
      "Claims that are no rule",
      claims.flatMap((claim) =>
        carriersOf(claim).flatMap((carrier) =>
          "because" in carrier ? [`${claim.number}. ${claim.says} (${claim.section})\n    ${carrier.because}`] : [],
        ),
      ),
    ],
    ["Options that move no rule", neutral.map(({ question, option, because }) => `${question} ${option}: ${because}`)],
    ["How they add up", adding],
    ["Not considered", notConsidered],
  ];
  return sections.map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join("\n")).join("\n\n");
}

function ruleText({ id, strength, when, because, section, claims: numbers }: Omit<Rule, "concerns">): string {
  return `${id}: ${strength}, when ${premiseText(when)}\n    ${because} (${section}; claim ${numbers.join(", ")})`;
}
