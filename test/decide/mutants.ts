import { table as ours, type Rule, type Table } from "../../src/decide/rules.ts";
import { languages, type Strength, strengths } from "../../src/model/verdict.ts";
import { type Property, properties } from "./properties.ts";

export const operations = ["delete", "flip", "weaken", "strengthen"] as const;
export type Operation = (typeof operations)[number];

/** The table with one rule, or the gate, changed by one step. */
export interface Mutant {
  readonly rule: string;
  readonly operation: Operation;
  readonly table: Table;
}

/** Every rule and the gate: deleted, turned to each other side of its cases, and one step weaker and stronger where there is one. */
export function mutants(): Mutant[] {
  const { rules, gate } = ours;
  return [
    ...rules.flatMap((rule) => {
      const others = rules.filter((other) => other !== rule);
      return [
        { rule: rule.id, operation: "delete" as const, table: { ...ours, rules: others } },
        ...changes(rule, sides(rule)).map(({ operation, ...change }) => ({
          rule: rule.id,
          operation,
          table: { ...ours, rules: [...others, { ...rule, ...change }] },
        })),
      ];
    }),
    // A list is never answered with an option that there is not, so that this gate never shuts.
    {
      rule: gate.id,
      operation: "delete",
      table: { ...ours, gate: { ...gate, when: { deadline: [] } } },
    },
    ...changes(gate, ["rust", "typescript"]).map(({ operation, ...change }) => ({
      rule: gate.id,
      operation,
      table: { ...ours, gate: { ...gate, ...change } },
    })),
  ];
}

/** The first property that a mutant breaks; none when it survives. */
export function killer({ table }: Mutant): Property | undefined {
  return properties.find(({ check }) => {
    try {
      check(table);
      return false;
    } catch {
      return true;
    }
  });
}

type Change = { readonly operation: Operation; readonly favours?: Rule["favours"]; readonly strength?: Strength };

function changes({ strength }: Pick<Rule, "strength">, turned: readonly Rule["favours"][]): Change[] {
  const step = strengths.indexOf(strength);
  const [stronger, weaker] = [strengths[step - 1], strengths[step + 1]];
  return [
    ...turned.map((favours) => ({ operation: "flip" as const, favours })),
    ...(weaker ? [{ operation: "weaken" as const, strength: weaker }] : []),
    ...(stronger ? [{ operation: "strengthen" as const, strength: stronger }] : []),
  ];
}

/** What else a rule could favour: a challenger in whose case it counts, or Go. */
function sides({ favours, concerns }: Rule): Rule["favours"][] {
  return languages.filter((side) => side !== favours && (side === "go" || concerns.includes(side)));
}
