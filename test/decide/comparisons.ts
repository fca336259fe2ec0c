import type { Answers } from "../../src/decide/questions.ts";
import type { RuleId } from "../../src/decide/rules.ts";
import type { Language } from "../../src/model/verdict.ts";

/** Two profiles that differ by what one rule reads, and the languages that the article has for them. */
export interface Comparison {
  readonly rule: RuleId;
  /** Why the answer turns the language there, or is not enough to. */
  readonly says: string;
  readonly given: Answers;
  readonly answer: Answers;
  readonly from: Language;
  readonly to: Language;
}

type Row = readonly [RuleId, string, Answers, Answers, Language, Language];

const rows: readonly Row[] = [
  ["go-by-default", "with no context, and a small team, Go", {}, { team: "small" }, "go", "go"],
  ["go-by-default", "what matters is only a mild reason for Rust", {}, { stakes: ["core_service"] }, "go", "go"],
  ["go-by-default", "it yields to any strong reason", {}, { kind: "realtime_events" }, "go", "rust"],

  [
    "due-in-weeks",
    "one strong need yields to the date",
    { kind: "realtime_events" },
    { deadline: "weeks" },
    "rust",
    "go",
  ],
  [
    "due-in-weeks",
    "the date alone does not outweigh money",
    { stakes: ["money"] },
    { deadline: "weeks" },
    "rust",
    "rust",
  ],

  [
    "ships-fast",
    "one strong need yields to delivery",
    { kind: "realtime_events" },
    { priority: "ship_fast" },
    "rust",
    "go",
  ],
  [
    "ships-fast",
    "haste alone does not outweigh money",
    { stakes: ["money"] },
    { priority: "ship_fast" },
    "rust",
    "rust",
  ],

  ["plain-kind", "computing in a CRUD service", { load: "cpu_bound" }, { kind: "crud_api" }, "rust", "go"],
  ["plain-kind", "computing in a gateway", { load: "cpu_bound" }, { kind: "api_gateway" }, "rust", "go"],
  ["plain-kind", "computing in an internal tool", { load: "cpu_bound" }, { kind: "internal_tool" }, "rust", "go"],
  ["plain-kind", "money wants Rust in a CRUD service too", { stakes: ["money"] }, { kind: "crud_api" }, "rust", "rust"],

  ["many-hands", "one strong need yields to many hands", { kind: "realtime_events" }, { team: "many" }, "rust", "go"],
  ["many-hands", "many hands alone do not outweigh money", { stakes: ["money"] }, { team: "many" }, "rust", "rust"],

  [
    "one-small-artefact",
    "a runtime is no small artefact",
    { experience: ["typescript"] },
    { footprint: "tight" },
    "typescript",
    "go",
  ],

  [
    "waits-more-than-it-computes",
    "two mild reasons against two",
    { stakes: ["core_service"], hard_parts: ["serialisation_heavy"] },
    { load: "io_bound" },
    "rust",
    "go",
  ],
  [
    "waits-more-than-it-computes",
    "waiting does not outweigh a strong need",
    { kind: "realtime_events" },
    { load: "io_bound" },
    "rust",
    "rust",
  ],

  [
    "async-to-learn",
    "with a language and its async to learn, two strong needs are balanced",
    { kind: "realtime_events", load: "io_bound", hard_parts: ["stateful"] },
    { experience: ["go"] },
    "rust",
    "go",
  ],
  [
    "async-to-learn",
    "two strong needs outweigh learning both",
    { kind: "realtime_events", load: "mixed" },
    { experience: ["go"] },
    "rust",
    "rust",
  ],

  [
    "nothing-hard-nothing-at-stake",
    "straightforward after all, and waiting",
    { kind: "realtime_events", load: "io_bound" },
    { hard_parts: ["none"], stakes: ["none"] },
    "rust",
    "go",
  ],
  [
    "nothing-hard-nothing-at-stake",
    "only considered, so a strong need stands",
    { kind: "realtime_events" },
    { hard_parts: ["none"], stakes: ["none"] },
    "rust",
    "rust",
  ],

  [
    "infrastructure-speaks-go",
    "tooling that computes is torn, and the default tips it",
    { load: "cpu_bound" },
    { kind: "infra_tooling" },
    "rust",
    "go",
  ],
  ["infrastructure-speaks-go", "tooling is Go's, not TypeScript's", {}, { kind: "infra_tooling" }, "go", "go"],
  [
    "infrastructure-speaks-go",
    "tooling that handles money",
    { stakes: ["money"] },
    { kind: "infra_tooling" },
    "rust",
    "rust",
  ],

  [
    "rust-to-learn",
    "one strong need does not pay for learning",
    { kind: "realtime_events" },
    { experience: ["go"] },
    "rust",
    "go",
  ],
  ["rust-to-learn", "data at scale does", { kind: "data_processing" }, { experience: ["go"] }, "rust", "rust"],

  ["handles-money", "money outweighs a plain kind", { kind: "crud_api" }, { stakes: ["money"] }, "go", "rust"],
  [
    "data-at-scale",
    "data at scale pays for learning",
    { experience: ["go"] },
    { kind: "data_processing" },
    "go",
    "rust",
  ],
  [
    "rock-solid-load",
    "peak load outweighs a plain kind",
    { kind: "crud_api" },
    { stakes: ["rock_solid_load"] },
    "go",
    "rust",
  ],

  ["events-in-real-time", "a need on its own", {}, { kind: "realtime_events" }, "go", "rust"],
  [
    "events-in-real-time",
    "it does not pay for learning",
    { experience: ["go"] },
    { kind: "realtime_events" },
    "go",
    "go",
  ],

  ["computes-more-than-it-waits", "a need on its own", {}, { load: "cpu_bound" }, "go", "rust"],
  ["computes-more-than-it-waits", "not in a plain kind", { kind: "crud_api" }, { load: "cpu_bound" }, "go", "go"],

  [
    "computes-in-little-memory",
    "it tips what is balanced",
    { kind: "crud_api", stakes: ["core_service"], load: "cpu_bound" },
    { footprint: "tight" },
    "go",
    "rust",
  ],
  [
    "computes-in-little-memory",
    "it does not make up for a plain kind",
    { kind: "crud_api", load: "cpu_bound" },
    { footprint: "tight" },
    "go",
    "go",
  ],

  ["computes-beside-waiting", "a need on its own", {}, { load: "mixed" }, "go", "rust"],
  ["computes-beside-waiting", "not in a plain kind", { kind: "crud_api" }, { load: "mixed" }, "go", "go"],

  ["controls-shared-state", "a need on its own", {}, { hard_parts: ["shared_state_control"] }, "go", "rust"],
  [
    "controls-shared-state",
    "not in a plain kind",
    { kind: "crud_api" },
    { hard_parts: ["shared_state_control"] },
    "go",
    "go",
  ],

  ["hard-to-get-right", "state", {}, { hard_parts: ["stateful"] }, "go", "rust"],
  ["hard-to-get-right", "coordination", {}, { hard_parts: ["concurrent_coordination"] }, "go", "rust"],
  ["hard-to-get-right", "untrusted input", {}, { hard_parts: ["untrusted_input"] }, "go", "rust"],
  ["hard-to-get-right", "complex rules", {}, { hard_parts: ["complex_rules"] }, "go", "rust"],
  [
    "hard-to-get-right",
    "one hard part does not outweigh a plain kind",
    { kind: "crud_api" },
    { hard_parts: ["stateful"] },
    "go",
    "go",
  ],

  [
    "pays-back-over-time",
    "it tips what is balanced",
    { hard_parts: ["serialisation_heavy"] },
    { priority: "invest" },
    "go",
    "rust",
  ],
  ["pays-back-over-time", "the will to invest is no need", {}, { priority: "invest" }, "go", "go"],

  [
    "core-and-worth-investing",
    "both together outweigh a plain kind",
    { kind: "crud_api" },
    { stakes: ["core_service"], priority: "invest" },
    "go",
    "rust",
  ],
  [
    "core-and-worth-investing",
    "and no more than that",
    { kind: "crud_api", load: "io_bound" },
    { stakes: ["core_service"], priority: "invest" },
    "go",
    "go",
  ],

  [
    "core-service",
    "it tips what is balanced",
    { hard_parts: ["serialisation_heavy"] },
    { stakes: ["core_service"] },
    "go",
    "rust",
  ],
  ["core-service", "it is mild without the will to invest", {}, { stakes: ["core_service"] }, "go", "go"],

  [
    "serialises-much",
    "it tips what is balanced",
    { stakes: ["core_service"] },
    { hard_parts: ["serialisation_heavy"] },
    "go",
    "rust",
  ],
  ["serialises-much", "a good library is no need", {}, { hard_parts: ["serialisation_heavy"] }, "go", "go"],

  ["rust-is-home", "the one language that the team runs", {}, { experience: ["rust"] }, "go", "rust"],
  ["rust-is-home", "not for a plain kind", { kind: "crud_api" }, { experience: ["rust"] }, "go", "go"],

  [
    "go-is-known",
    "of two that are known Go is the default",
    { experience: ["typescript"] },
    { experience: ["go", "typescript"] },
    "typescript",
    "go",
  ],
  ["typescript-is-known", "the one of the two that is known", {}, { experience: ["typescript"] }, "go", "typescript"],
  ["typescript-is-known", "it stands beside Go, not above", {}, { experience: ["go", "typescript"] }, "go", "go"],
];

export const comparisons: readonly Comparison[] = rows.map(([rule, says, given, answer, from, to]) => ({
  rule,
  says,
  given,
  answer,
  from,
  to,
}));
