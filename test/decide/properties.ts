import assert from "node:assert/strict";
import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, said, type Value } from "../../src/decide/questions.ts";
import { type Table, weights } from "../../src/decide/rules.ts";
import { decide } from "../../src/decide/verdict.ts";
import type { Language } from "../../src/model/verdict.ts";
import { comparisons } from "./comparisons.ts";
import { partial, sampled } from "./profiles.ts";
import { scenarios } from "./scenarios.ts";

/** Something that holds of the article's table, and of no table that says other things. */
export interface Property {
  readonly name: string;
  /** @throws when the table breaks it. */
  check(table: Table): void;
}

const languageOf = (answers: Answers, table: Table) => judge(answers, table).language;
const profiles = sampled(partial, 300);

/** Pairs of profiles, the second of which must be at least as near to Rust. */
export const nearer: readonly (readonly [string, (answers: Answers) => readonly [Answers, Answers]])[] = [
  ["money at stake", (answers) => [answers, having(answers, "stakes", "money")]],
  ["Rust in the team", (answers) => [answers, having(answers, "experience", "rust")]],
  ["CPU-bound, not I/O-bound", between("load", "io_bound", "cpu_bound")],
  ["mixed, not I/O-bound", between("load", "io_bound", "mixed")],
  ["few people, not many", between("team", "many", "small")],
  ["no infrastructure tooling", (answers) => [answering(answers, "kind", "infra_tooling"), answers]],
  ["months, not weeks", between("deadline", "weeks", "months")],
  ["no date, not months", between("deadline", "months", "open")],
  ["time to invest", between("priority", "ship_fast", "invest")],
  ["one hard part more", (answers) => [answers, having(answers, "hard_parts", "stateful")]],
  ["one stake more", (answers) => [answers, having(answers, "stakes", "core_service")]],
];

function having(answers: Answers, id: "stakes" | "experience" | "hard_parts", option: string): Answers {
  return answering(answers, id, [...said(answers, id).filter((each) => each !== "none" && each !== option), option]);
}

function between(id: "load" | "team" | "deadline" | "priority", farther: Value, closer: Value) {
  return (answers: Answers) => [answering(answers, id, farther), answering(answers, id, closer)] as const;
}

/** Who stands behind Go where both others fall short. */
const runnersUp: readonly (readonly [string, Answers, readonly Language[]])[] = [
  [
    "a runtime costs a TypeScript team the first place, and not the second",
    { kind: "crud_api", experience: ["typescript"], priority: "ship_fast", footprint: "tight" },
    ["go", "typescript", "rust"],
  ],
  [
    "so does knowing Go as well",
    { kind: "crud_api", experience: ["go", "typescript"], priority: "ship_fast" },
    ["go", "typescript", "rust"],
  ],
];

const gated: Answers = {
  kind: "other",
  stakes: ["money", "rock_solid_load"],
  load: "cpu_bound",
  hard_parts: ["stateful"],
  experience: ["go"],
  deadline: "weeks",
  priority: "invest",
  team: "small",
  footprint: "normal",
};

export const properties: readonly Property[] = [
  ...comparisons.map(({ rule, says, given, answer, from, to }) => ({
    name: `${rule}: ${says}`,
    check(table: Table) {
      assert.equal(languageOf(given, table), from);
      assert.equal(languageOf({ ...given, ...answer }, table), to);
    },
  })),
  ...runnersUp.map(([says, answers, ranking]) => ({
    name: `runner-up: ${says}`,
    check: (table: Table) => assert.deepEqual(judge(answers, table).ranking, ranking),
  })),
  {
    name: "gate: weeks and no Rust in the team are never Rust, whatever the need",
    check(table) {
      for (const answers of [gated, ...profiles]) {
        const shut = { ...answers, deadline: "weeks", experience: ["go"] } as const;
        assert.notEqual(languageOf(shut, table), "rust");
      }
    },
  },
  {
    name: "gate: time opens it, Rust in the team opens it, and it is open where experience is unknown",
    check(table) {
      const { experience: _, ...unknown } = gated;
      for (const answers of [
        { ...gated, deadline: "months" },
        { ...gated, deadline: "open" },
        { ...gated, experience: ["rust"] },
        unknown,
      ] as const) {
        assert.equal(languageOf(answers, table), "rust");
      }
    },
  },
  {
    name: "gate: it is reported, never for Rust, and as strong as what it overrides",
    check(table) {
      const { rules } = decide(gated, undefined, table);
      const shut = rules.find(({ id }) => id === "no-time-to-learn");
      assert.ok(shut);
      assert.equal(shut.favours, "go");
      assert.equal(shut.status, "counted");
      const overridden = rules.filter(({ status }) => status === "overridden");
      assert.ok(overridden.length > 0);
      for (const { strength } of overridden) assert.ok(weights[shut.strength] >= weights[strength]);
    },
  },
  ...scenarios.map(({ description, answers, allowed }) => ({
    name: `allowed: ${description}`,
    check: (table: Table) => assert.ok(allowed.includes(languageOf(answers, table))),
  })),
  ...nearer.map(([what, pair]) => ({
    name: `${what} never moves away from Rust`,
    check(table: Table) {
      for (const answers of profiles) {
        const [farther, closer] = pair(answers);
        if (languageOf(farther, table) === "rust") assert.equal(languageOf(closer, table), "rust");
      }
    },
  })),
];
