import type { Answers } from "../../src/decide/questions.ts";
import type { RuleId } from "../../src/decide/rules.ts";
import type { Language } from "../../src/model/verdict.ts";

/** A profile, and the languages that the article allows for it. One that allows both Rust and Go is torn there. */
export interface Scenario {
  readonly description: string;
  readonly answers: Answers;
  readonly allowed: readonly Language[];
  /** Must be said to be overridden. */
  readonly overridden?: RuleId;
  /** The conflict that must stand. */
  readonly conflict?: string;
}

export const scenarios: readonly Scenario[] = [
  {
    description: "No context at all: nothing answered",
    answers: {},
    allowed: ["go"],
  },
  {
    description: "JSON-heavy CRUD, team already ships both Rust and Go, no hurry",
    answers: { kind: "crud_api", hard_parts: ["serialisation_heavy"], experience: ["rust", "go"], deadline: "open" },
    allowed: ["go", "rust"],
  },
  {
    description: "Only fact: I/O-bound work",
    answers: { load: "io_bound" },
    allowed: ["go"],
  },
  {
    description: "Only fact: shipping fast matters most",
    answers: { priority: "ship_fast" },
    allowed: ["go", "typescript"],
  },
  {
    description: "Straightforward requirements, nothing at stake",
    answers: { hard_parts: ["none"], stakes: ["none"] },
    allowed: ["go"],
  },
  {
    description: "Only fact: team already ships TypeScript",
    answers: { experience: ["typescript"] },
    allowed: ["typescript", "go"],
  },
  {
    description: "Only fact: many hands on one codebase",
    answers: { team: "many" },
    allowed: ["go"],
  },
  {
    description: "API gateway, I/O-bound, many contributors",
    answers: { kind: "api_gateway", load: "io_bound", team: "many" },
    allowed: ["go"],
  },
  {
    description: "Solo TypeScript developer, CRUD, wants to ship fast",
    answers: { kind: "crud_api", team: "solo", experience: ["typescript"], priority: "ship_fast" },
    allowed: ["typescript", "go"],
  },
  {
    description: "Plain CRUD, but a solo Rust developer happy to invest",
    answers: {
      kind: "crud_api",
      load: "io_bound",
      hard_parts: ["none"],
      stakes: ["none"],
      team: "solo",
      experience: ["rust"],
      priority: "invest",
    },
    allowed: ["go", "rust"],
  },
  {
    description: "CRUD that moves money, Rust team, open timeline, willing to invest",
    answers: { kind: "crud_api", stakes: ["money"], experience: ["rust"], deadline: "open", priority: "invest" },
    allowed: ["rust"],
  },
  {
    description: "API gateway that must parse untrusted input itself",
    answers: { kind: "api_gateway", hard_parts: ["untrusted_input"] },
    allowed: ["go", "rust"],
    conflict: "gateway-parses-input",
  },
  {
    description: "Team fluent in all three, CRUD, ship fast",
    answers: { kind: "crud_api", experience: ["rust", "go", "typescript"], priority: "ship_fast" },
    allowed: ["go", "typescript"],
  },
  {
    description: "Only fact: handles money",
    answers: { stakes: ["money"] },
    allowed: ["rust"],
  },
  {
    description: "Money, Go team, open timeline, willing to invest",
    answers: { stakes: ["money"], experience: ["go"], deadline: "open", priority: "invest" },
    allowed: ["rust"],
  },
  {
    description: "Money, no Rust experience, one-week deadline",
    answers: { stakes: ["money"], experience: ["none"], deadline: "weeks" },
    allowed: ["go"],
    overridden: "handles-money",
  },
  {
    description: "Money, Go team, wants speed, a few months",
    answers: { stakes: ["money"], experience: ["go"], priority: "ship_fast", deadline: "months" },
    allowed: ["go", "rust"],
    conflict: "money-in-a-hurry",
  },
  {
    description: "Money, nobody knows any of the three, but open timeline and willing to invest",
    answers: { kind: "crud_api", stakes: ["money"], experience: ["none"], deadline: "open", priority: "invest" },
    allowed: ["rust"],
  },
  {
    description: "Only fact: CPU-bound",
    answers: { load: "cpu_bound" },
    allowed: ["rust"],
  },
  {
    description: "Only fact: processes data at scale",
    answers: { kind: "data_processing" },
    allowed: ["rust"],
  },
  {
    description: "Core service, but the owner says delivery speed comes first",
    answers: { stakes: ["core_service"], priority: "ship_fast" },
    allowed: ["go", "typescript"],
  },
  {
    description: "Real-time events, due in weeks, nobody knows Rust",
    answers: { kind: "realtime_events", deadline: "weeks", experience: ["none"] },
    allowed: ["go"],
    overridden: "events-in-real-time",
  },
  {
    description: "Data pipeline, Go team, open timeline, willing to invest",
    answers: { kind: "data_processing", experience: ["go"], deadline: "open", priority: "invest", team: "small" },
    allowed: ["rust"],
  },
  {
    description: "Core service, Go team, a few months, explicitly willing to invest",
    answers: { stakes: ["core_service"], experience: ["go"], deadline: "months", priority: "invest" },
    allowed: ["rust", "go"],
  },
  {
    description: "CPU-heavy infrastructure tooling",
    answers: { kind: "infra_tooling", load: "cpu_bound" },
    allowed: ["rust", "go"],
    conflict: "cpu-heavy-tooling",
  },
  {
    description: "State, coordination and complex rules, open timeline, willing to invest",
    answers: {
      hard_parts: ["stateful", "concurrent_coordination", "complex_rules"],
      deadline: "open",
      priority: "invest",
    },
    allowed: ["rust"],
  },
  {
    description: "I/O-bound but needs fine-grained control of shared state",
    answers: { load: "io_bound", hard_parts: ["shared_state_control"] },
    allowed: ["rust"],
  },
  {
    description: "Complex stateful core service, TypeScript team, a few months, willing to invest",
    answers: {
      hard_parts: ["complex_rules", "stateful"],
      stakes: ["core_service"],
      experience: ["typescript"],
      deadline: "months",
      priority: "invest",
    },
    allowed: ["rust"],
  },
  {
    description: "Only fact: DevOps / infrastructure tooling",
    answers: { kind: "infra_tooling" },
    allowed: ["go"],
  },
  {
    description: "Huge team, rock-solid load, Rust experience, willing to invest",
    answers: { team: "many", stakes: ["rock_solid_load"], experience: ["rust"], priority: "invest" },
    allowed: ["rust"],
  },
  {
    description: "Huge team, rock-solid load, nothing else known",
    answers: { team: "many", stakes: ["rock_solid_load"] },
    allowed: ["rust", "go"],
    conflict: "many-hands-heavy-load",
  },
  {
    description: "Everything points away from Rust",
    answers: {
      kind: "crud_api",
      hard_parts: ["none"],
      load: "io_bound",
      stakes: ["none"],
      priority: "ship_fast",
      deadline: "weeks",
      experience: ["typescript"],
      team: "solo",
      footprint: "normal",
    },
    allowed: ["typescript"],
  },
];
