import { expect, test } from "vitest";
import { judge } from "../../src/decide/judge.ts";
import { holds } from "../../src/decide/premise.ts";
import { type Answers, answering, questionIds, said, valuesOf } from "../../src/decide/questions.ts";
import { type Rule, rules, table } from "../../src/decide/rules.ts";
import { decide } from "../../src/decide/verdict.ts";
import { type Language, languages } from "../../src/model/verdict.ts";
import { complete, partial, sampled } from "./profiles.ts";

const rows: readonly Rule[] = rules;
const judged = [...sampled(partial, 120), ...sampled(complete, 200)].map((answers) => ({
  answers,
  ...decide(answers),
}));
const completely = judged.slice(120);
const languageOf = (answers: Answers) => judge(answers, table).language;

test("all three degrees occur for complete answers", () => {
  expect(new Set(completely.map(({ confidence }) => confidence))).toEqual(new Set(["close", "leaning", "clear"]));
});

test("clear: no single change of one answer gives another language, nothing is overridden, and experience is known", () => {
  for (const { answers, language, confidence, rules: reported } of judged) {
    if (confidence !== "clear") continue;
    for (const id of questionIds)
      for (const value of valuesOf(id)) expect(languageOf(answering(answers, id, value))).toBe(language);
    expect(reported.map(({ status }) => status)).not.toContain("overridden");
    expect(said(answers, "experience")).not.toEqual([]);
  }
});

test("close where one unasked question can turn the language", () => {
  for (const { answers, confidence } of judged) {
    const unasked = questionIds.filter((id) => said(answers, id).length === 0);
    const turns = unasked.some((id) =>
      valuesOf(id).some((value) => languageOf(answering(answers, id, value)) !== languageOf(answers)),
    );
    if (turns) expect(confidence).toBe("close");
  }
});

test("close where one mild rule more, or one less, can turn the language", () => {
  const extra = (favours: Language, challenger: "rust" | "typescript"): Rule => ({
    ...rules[0],
    id: "extra",
    concerns: [challenger],
    favours,
    strength: "mild",
  });
  const more = languages.flatMap((language) =>
    (["rust", "typescript"] as const)
      .filter((challenger) => language === "go" || language === challenger)
      .map((challenger) => extra(language, challenger)),
  );
  const fewer = rows
    .filter(({ strength }) => strength === "mild")
    .map((rule) => rows.filter((other) => other !== rule));
  const nudged = [...more.map((rule) => [...rows, rule]), ...fewer];
  for (const { answers, confidence } of judged) {
    const turns = nudged.some(
      (changed) => judge(answers, { ...table, rules: changed }).language !== languageOf(answers),
    );
    if (turns) expect(confidence).toBe("close");
  }
});

test("close where a declared conflict stands", () => {
  for (const { conflicts, confidence } of judged) {
    if (conflicts.length > 0) expect(confidence).toBe("close");
  }
});

test("close for no other reason", () => {
  for (const { answers, confidence, conflicts } of completely) {
    const { cases, gated } = judge(answers, table);
    const margin = gated || cases.rust > 1 || cases.rust < 0;
    if (margin && conflicts.length === 0) expect(confidence).not.toBe("close");
  }
});

test("a few months and no Rust, with a strong rule for Rust, are never clear", () => {
  const answers: Answers = {
    kind: "data_processing",
    stakes: ["money", "rock_solid_load"],
    load: "cpu_bound",
    hard_parts: ["stateful", "shared_state_control"],
    experience: ["go"],
    deadline: "months",
    priority: "balanced",
    team: "small",
    footprint: "normal",
  };
  expect(decide(answers)).toMatchObject({ language: "rust", confidence: "leaning" });
  for (const profile of sampled(complete, 150)) {
    const noRust = answering(answering(profile, "deadline", "months"), "experience", ["go"]);
    const strong = rows.some((rule) => rule.favours === "rust" && rule.strength !== "mild" && holds(rule.when, noRust));
    if (strong) expect(decide(noRust).confidence).not.toBe("clear");
  }
});

test.each<[string, Answers, string[]]>([
  ["weeks and invest contradict", { deadline: "weeks", priority: "invest" }, ["weeks-and-invest"]],
  [
    "also where the gate is shut",
    { deadline: "weeks", priority: "invest", experience: ["none"] },
    ["weeks-and-invest"],
  ],
  [
    "known Rust and time settle tooling",
    { kind: "infra_tooling", load: "cpu_bound", experience: ["rust"], deadline: "open" },
    [],
  ],
  [
    "a shut gate settles tooling",
    { kind: "infra_tooling", load: "cpu_bound", experience: ["go"], deadline: "weeks" },
    [],
  ],
  [
    "experience alone does not",
    { kind: "infra_tooling", load: "cpu_bound", experience: ["rust"] },
    ["cpu-heavy-tooling"],
  ],
  [
    "known Rust and time settle many hands",
    { team: "many", stakes: ["rock_solid_load"], experience: ["rust"], deadline: "months" },
    [],
  ],
  ["a CRUD service that parses input is no gateway", { kind: "crud_api", hard_parts: ["untrusted_input"] }, []],
  ["a stateful gateway parses nothing", { kind: "api_gateway", hard_parts: ["stateful"] }, []],
  [
    "money in a hurry is none for people who know Rust",
    { stakes: ["money"], priority: "ship_fast", experience: ["rust"] },
    [],
  ],
  [
    "every decisive need in a hurry",
    { kind: "data_processing", stakes: ["money", "rock_solid_load"], priority: "ship_fast", experience: ["go"] },
    ["data-in-a-hurry", "load-in-a-hurry", "money-in-a-hurry"],
  ],
])("%s", (_what, answers, ids) => {
  expect(decide(answers).conflicts.map(({ id }) => id)).toEqual(ids);
});
