import { describe, expect, test } from "vitest";
import { claims } from "../../src/decide/claims.ts";
import { judge } from "../../src/decide/judge.ts";
import { holds, meets, type Premise, questionsOf } from "../../src/decide/premise.ts";
import { type Answers, questions, valuesOf } from "../../src/decide/questions.ts";
import {
  conflicts,
  gate,
  neutral,
  nonRules,
  type Rule,
  type RuleId,
  rules,
  table,
  threshold,
  weights,
} from "../../src/decide/rules.ts";
import type { Language } from "../../src/model/verdict.ts";
import { partial, sampled } from "./profiles.ts";

const rows: readonly Rule[] = rules;
const profiles = sampled(partial, 3000);

test("every claim of the article is a rule, the gate, or said not to be a rule", () => {
  const covered = new Set([
    ...rows.flatMap(({ claims }) => claims),
    ...gate.claims,
    ...nonRules.map(({ claim }) => claim),
  ]);
  expect([...covered].sort((a, b) => a - b)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
});

test("every rule and non-rule carries claims that exist, and every rule stands in the section of one", () => {
  const numbers = claims.map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
  expect(new Set(claims.map(({ says }) => says)).size).toBe(44);
  for (const rule of [...rows, gate]) {
    const sections = claims.filter(({ number }) => rule.claims.some((claim) => claim === number));
    expect(sections.map(({ section }) => section)).toContain(rule.section);
  }
});

test("no claim is both a rule and no rule", () => {
  const counted = new Set([...rows, gate].flatMap(({ claims }) => [...claims]));
  expect(nonRules.filter(({ claim }) => counted.has(claim))).toEqual([]);
});

test("ids are unique", () => {
  const ids = [...rows, gate, ...conflicts].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a strong rule outweighs two mild ones, and a decisive one three strong ones", () => {
  expect(weights.strong).toBeGreaterThan(2 * weights.mild);
  expect(weights.decisive).toBeGreaterThan(3 * weights.strong);
});

/** For each rule a small profile that it alone decides: the language with it, and without. */
const decidedBy: Readonly<Record<RuleId, readonly [Answers, Language, Language]>> = {
  "go-by-default": [{ stakes: ["core_service"] }, "go", "rust"],
  "due-in-weeks": [{ kind: "realtime_events", deadline: "weeks" }, "go", "rust"],
  "ships-fast": [{ kind: "realtime_events", priority: "ship_fast" }, "go", "rust"],
  "plain-kind": [{ kind: "crud_api", load: "cpu_bound" }, "go", "rust"],
  "many-hands": [{ kind: "realtime_events", team: "many" }, "go", "rust"],
  "one-small-artefact": [{ experience: ["typescript"], footprint: "tight" }, "go", "typescript"],
  "waits-more-than-it-computes": [
    { stakes: ["core_service"], load: "io_bound", hard_parts: ["serialisation_heavy"] },
    "go",
    "rust",
  ],
  "async-to-learn": [
    { kind: "realtime_events", load: "io_bound", hard_parts: ["stateful"], experience: ["go"] },
    "go",
    "rust",
  ],
  "nothing-hard-nothing-at-stake": [
    { kind: "realtime_events", stakes: ["none"], load: "io_bound", hard_parts: ["none"] },
    "go",
    "rust",
  ],
  "infrastructure-speaks-go": [{ kind: "infra_tooling", load: "cpu_bound" }, "go", "rust"],
  "rust-to-learn": [{ kind: "realtime_events", experience: ["go"] }, "go", "rust"],
  "handles-money": [{ stakes: ["money"] }, "rust", "go"],
  "data-at-scale": [{ kind: "data_processing" }, "rust", "go"],
  "rock-solid-load": [{ stakes: ["rock_solid_load"] }, "rust", "go"],
  "events-in-real-time": [{ kind: "realtime_events" }, "rust", "go"],
  "computes-more-than-it-waits": [{ load: "cpu_bound" }, "rust", "go"],
  "computes-in-little-memory": [
    { kind: "crud_api", stakes: ["core_service"], load: "cpu_bound", footprint: "tight" },
    "rust",
    "go",
  ],
  "computes-beside-waiting": [{ load: "mixed" }, "rust", "go"],
  "controls-shared-state": [{ hard_parts: ["shared_state_control"] }, "rust", "go"],
  "hard-to-get-right": [{ hard_parts: ["stateful"] }, "rust", "go"],
  "pays-back-over-time": [{ hard_parts: ["serialisation_heavy"], priority: "invest" }, "rust", "go"],
  "core-and-worth-investing": [{ kind: "crud_api", stakes: ["core_service"], priority: "invest" }, "rust", "go"],
  "core-service": [{ stakes: ["core_service"], hard_parts: ["serialisation_heavy"] }, "rust", "go"],
  "serialises-much": [{ stakes: ["core_service"], hard_parts: ["serialisation_heavy"] }, "rust", "go"],
  "rust-is-home": [{ experience: ["rust"] }, "rust", "go"],
  "go-is-known": [{ experience: ["go", "typescript"] }, "go", "typescript"],
  "typescript-is-known": [{ experience: ["typescript"] }, "typescript", "go"],
};

test.each(rows.map((rule) => [rule.id, rule] as const))("%s alone decides somewhere", (id, rule) => {
  const [answers, language, otherwise] = decidedBy[id as RuleId];
  const without = { ...table, rules: rows.filter((other) => other !== rule) };
  expect(judge(answers, table).language).toBe(language);
  expect(judge(answers, without).language).toBe(otherwise);
});

test("the gate can turn the language", () => {
  const open = { ...table, gate: { ...gate, when: { ...gate.when, team: "many", load: "cpu_bound" } as const } };
  expect(profiles.some((answers) => judge(answers, table).language !== judge(answers, open).language)).toBe(true);
});

test("no two rules have one premise and opposite directions", () => {
  const opposed = rows.filter((rule) =>
    rows.some((other) => JSON.stringify(other.when) === JSON.stringify(rule.when) && other.favours !== rule.favours),
  );
  expect(opposed).toEqual([]);
});

test.each(conflicts.map((conflict) => [conflict.id, conflict] as const))(
  "%s opposes two rules that can meet",
  (_id, conflict) => {
    const sides = conflict.between.map((id) => rows.find((rule) => rule.id === id));
    expect(new Set(sides.map((side) => side?.favours)).size).toBe(2);
    const meeting = profiles.filter(
      (answers) => sides.every((side) => side && holds(side.when, answers)) && holds(conflict.when ?? {}, answers),
    );
    expect(meeting.length).toBeGreaterThan(0);
  },
);

describe("every option moves a rule, or is listed as neutral", () => {
  const premises: readonly Premise[] = [...rows.map(({ when }) => when), gate.when];
  const options = questions.flatMap((question) =>
    question.options.map(({ id }) => ({ question: question.id, option: id })),
  );

  test.each(options)("$question $option", ({ question, option }) => {
    const moves = premises.some((premise) => premise[question] !== undefined && meets(premise[question], [option]));
    const listed = neutral.some((row) => row.question === question && row.option === option);
    expect(moves).toBe(!listed);
  });
});

test("every rule reads options that exist", () => {
  for (const premise of [...rows.map(({ when }) => when), threshold]) {
    for (const id of questionsOf(premise)) {
      expect(valuesOf(id).some((value) => meets(premise[id], [value].flat()))).toBe(true);
    }
  }
});
