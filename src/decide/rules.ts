import type { Language, Strength } from "../model/verdict.ts";
import type { Premise } from "./premise.ts";
import type { Option, QuestionId } from "./questions.ts";

/** The article whose claims these are, by number as in `claims`. */
export const article = "Rust vs Go for Backend Services in 2026";

export type Section =
  | "The Honest Starting Point"
  | "Where Go Wins"
  | "Where Rust Wins"
  | "The Concurrency Question"
  | "What I Actually Reach For"
  | "The Ecosystem in 2026"
  | "The Learning Curve Is Real"
  | "Final Thoughts";

/** Go is where the article starts; the other two have to make a case against it, each its own. */
export type Challenger = Exclude<Language, "go">;

export interface Rule {
  readonly id: string;
  /** Numbers of the article's claims that it carries. */
  readonly claims: readonly number[];
  readonly when: Premise;
  /** Whose case it counts in. In Rust's, what favours Go keeps TypeScript in play as well. */
  readonly concerns: readonly Challenger[];
  readonly favours: Language;
  readonly strength: Strength;
  readonly because: string;
  /** Whose cost the sentence tells of, where it is no merit of the language that the rule favours. */
  readonly cost?: Challenger;
  readonly section: Section;
}

/**
 * A strong rule outweighs two mild ones: control of shared state is reason enough against the default and waiting together.
 * A decisive one outweighs three strong ones: a plain kind, many hands and a language to learn talk nobody out of care with money.
 * Four balance it, so that only the gate is beyond argument.
 */
export const weights: Readonly<Record<Strength, number>> = { decisive: 12, strong: 3, mild: 1 };

/** One row a rule. Their order means nothing. */
export const rules = [
  {
    id: "go-by-default",
    claims: [4, 5, 20, 30, 41, 42],
    when: {},
    concerns: ["rust", "typescript"],
    favours: "go",
    strength: "mild",
    because:
      "Go is a sound place to start: a rich standard library, stable libraries, and enough concurrency for most services.",
    section: "The Honest Starting Point",
  },
  {
    id: "due-in-weeks",
    claims: [3, 29, 37],
    when: { deadline: "weeks" },
    concerns: ["rust"],
    favours: "go",
    strength: "strong",
    because: "The date is near, and Go (or TypeScript, where it is known) pays back from the first day.",
    section: "The Honest Starting Point",
  },
  {
    id: "ships-fast",
    claims: [7, 29],
    when: { priority: "ship_fast" },
    concerns: ["rust"],
    favours: "go",
    strength: "strong",
    because: "Being live soon matters most, and Go or TypeScript gets there with less ceremony.",
    section: "Where Go Wins",
  },
  {
    id: "plain-kind",
    claims: [8],
    when: { kind: ["crud_api", "api_gateway", "internal_tool"] },
    concerns: ["rust"],
    favours: "go",
    strength: "strong",
    because: "CRUD services, gateways and internal tools are where Go needs the least code and thought.",
    section: "Where Go Wins",
  },
  {
    id: "many-hands",
    claims: [9, 44],
    when: { team: "many" },
    concerns: ["rust"],
    favours: "go",
    strength: "strong",
    because: "With many hands it helps that Go code looks alike whoever wrote it, and that newcomers read it at once.",
    section: "Where Go Wins",
  },
  {
    // The article lists this among Go's merits. A Rust binary is as small, so here it separates only from TypeScript.
    id: "one-small-artefact",
    claims: [10],
    when: { footprint: "tight" },
    concerns: ["typescript"],
    favours: "go",
    strength: "strong",
    because: "Go makes one small binary that starts at once; a Node service brings its runtime along.",
    section: "Where Go Wins",
  },
  {
    id: "waits-more-than-it-computes",
    claims: [18],
    when: { load: "io_bound" },
    concerns: ["rust"],
    favours: "go",
    strength: "mild",
    because: "Waiting on many connections at once is what goroutines make simple.",
    section: "The Concurrency Question",
  },
  {
    // Async is how Rust waits, so the premise is a load that waits, whatever else is concurrent in the service.
    id: "async-to-learn",
    claims: [19],
    when: { experience: { without: "rust" }, load: ["io_bound", "mixed"] },
    concerns: ["rust"],
    favours: "go",
    strength: "mild",
    because: "Waiting for others in Rust means async, which is one more thing to learn; goroutines hardly are.",
    cost: "rust",
    section: "The Concurrency Question",
  },
  {
    id: "nothing-hard-nothing-at-stake",
    claims: [23],
    when: { hard_parts: { only: "none" }, stakes: { only: "none" } },
    concerns: ["rust"],
    favours: "go",
    strength: "mild",
    because: "Nothing is hard and nothing at stake, so Rust's guarantees would have little to guard.",
    cost: "rust",
    section: "What I Actually Reach For",
  },
  {
    id: "infrastructure-speaks-go",
    claims: [33],
    when: { kind: "infra_tooling" },
    concerns: ["rust", "typescript"],
    favours: "go",
    strength: "strong",
    because: "Infrastructure tools, and the libraries to build on, are mostly written in Go.",
    section: "The Ecosystem in 2026",
  },
  {
    id: "rust-to-learn",
    claims: [34],
    when: { experience: { without: "rust" } },
    concerns: ["rust"],
    favours: "go",
    strength: "strong",
    because: "Nobody here has run Rust in production yet, and Rust takes time to learn.",
    cost: "rust",
    section: "The Learning Curve Is Real",
  },
  {
    id: "handles-money",
    claims: [24],
    when: { stakes: "money" },
    concerns: ["rust"],
    favours: "rust",
    strength: "decisive",
    because: "A wrong amount costs more than the time spent satisfying a strict compiler.",
    section: "What I Actually Reach For",
  },
  {
    id: "data-at-scale",
    claims: [15, 25],
    when: { kind: "data_processing" },
    concerns: ["rust"],
    favours: "rust",
    strength: "decisive",
    because: "Data in bulk keeps processor and memory busy, and there Rust's lead can be measured.",
    section: "What I Actually Reach For",
  },
  {
    id: "rock-solid-load",
    claims: [26],
    when: { stakes: "rock_solid_load" },
    concerns: ["rust"],
    favours: "rust",
    strength: "decisive",
    because: "Staying correct and responsive at peak load is what Rust's strictness and even cost buy.",
    section: "What I Actually Reach For",
  },
  {
    id: "events-in-real-time",
    claims: [15],
    when: { kind: "realtime_events" },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because: "A stream of events is one of the few backend loads where the language's own speed shows.",
    section: "Where Rust Wins",
  },
  {
    id: "computes-more-than-it-waits",
    claims: [15],
    when: { load: "cpu_bound" },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because: "Where the processor is the bottleneck, Rust does the same work with measurably less of it.",
    section: "Where Rust Wins",
  },
  {
    id: "computes-in-little-memory",
    claims: [16],
    when: { load: "cpu_bound", footprint: "tight" },
    concerns: ["rust"],
    favours: "rust",
    strength: "mild",
    because: "The same computing fits in less memory, and memory is short here.",
    section: "Where Rust Wins",
  },
  {
    id: "computes-beside-waiting",
    claims: [22],
    when: { load: "mixed" },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because: "Computing beside waiting needs control over what runs where, which Rust gives.",
    section: "The Concurrency Question",
  },
  {
    id: "controls-shared-state",
    claims: [21],
    when: { hard_parts: "shared_state_control" },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because: "Who may touch shared memory, and when, is written in Rust's types and checked.",
    section: "The Concurrency Question",
  },
  {
    id: "hard-to-get-right",
    claims: [11, 12],
    when: { hard_parts: ["stateful", "concurrent_coordination", "untrusted_input", "complex_rules"] },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because:
      "Beyond everyday request handling, Rust's types catch at build time many mistakes that would crash or race.",
    section: "Where Rust Wins",
  },
  {
    id: "pays-back-over-time",
    claims: [13, 27, 37],
    when: { priority: "invest" },
    concerns: ["rust"],
    favours: "rust",
    strength: "mild",
    because: "Rust costs more at first and pays it back with every change and deploy.",
    section: "What I Actually Reach For",
  },
  {
    id: "core-and-worth-investing",
    claims: [28],
    when: { stakes: "core_service", priority: "invest" },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because: "A core service whose owners will invest the time is where Rust's price is well spent.",
    section: "What I Actually Reach For",
  },
  {
    id: "core-service",
    claims: [38],
    when: { stakes: "core_service" },
    concerns: ["rust"],
    favours: "rust",
    strength: "mild",
    because: "What the company depends on deserves the stricter checks.",
    section: "Final Thoughts",
  },
  {
    id: "serialises-much",
    claims: [32],
    when: { hard_parts: "serialisation_heavy" },
    concerns: ["rust"],
    favours: "rust",
    strength: "mild",
    because: "Rust's Serde is the strongest library there is for reading and writing such formats.",
    section: "The Ecosystem in 2026",
  },
  {
    // A team that knows Go or TypeScript as well has no need of Rust; only the learning is saved, which `rust-to-learn` says.
    id: "rust-is-home",
    claims: [40],
    when: { experience: { only: "rust" } },
    concerns: ["rust"],
    favours: "rust",
    strength: "strong",
    because: "Rust is the one of the three that this team already runs in production.",
    section: "Final Thoughts",
  },
  {
    id: "go-is-known",
    claims: [40],
    when: { experience: "go" },
    concerns: ["typescript"],
    favours: "go",
    strength: "strong",
    because: "The team already runs Go in production.",
    section: "Final Thoughts",
  },
  {
    id: "typescript-is-known",
    claims: [29, 40],
    when: { experience: "typescript" },
    concerns: ["typescript"],
    favours: "typescript",
    strength: "strong",
    because: "The team already runs TypeScript in production, and it stands beside Go where delivery counts most.",
    section: "Final Thoughts",
  },
] as const satisfies readonly Rule[];

export type RuleId = (typeof rules)[number]["id"];

/**
 * The one gate: whatever speaks for Rust, it is overridden.
 * The article says that Rust turns after a few months; that this rules it out for a team with weeks is our inference.
 */
export const gate = {
  id: "no-time-to-learn",
  claims: [35],
  when: { deadline: "weeks", experience: { without: "rust" } },
  favours: "go",
  strength: "decisive",
  because:
    "There are only weeks, and Rust takes a few months to become productive in, by the author's experience; that this rules it out is our inference.",
  cost: "rust",
  section: "The Learning Curve Is Real",
} as const satisfies Omit<Rule, "concerns">;

/** A few months are just what the learning takes: when a strong rule speaks for Rust, such a verdict is never clear. */
export const threshold: Premise = { deadline: "months", experience: { without: "rust" } };

export interface Conflict {
  readonly id: string;
  readonly between: readonly [RuleId, RuleId];
  /** Beyond the premises of both rules. */
  readonly when?: Premise;
  /** Answers that settle it. */
  readonly unless?: Premise;
  /** The answers contradict each other, so it stands even where the gate has overridden a rule. */
  readonly contradiction?: true;
  readonly message: string;
  readonly settle: string;
}

const knownAndInTime: Premise = { experience: "rust", deadline: ["months", "open"] };

const inAHurry =
  "The priority says that the time for this will not be spent, and the team would have to learn Rust first.";
const hurryOrCare =
  "Say which gives: with priority=invest the need decides, with deadline=weeks the date does; Rust in the team would end the question.";

/** Where two rules meet and the article does not rank them. */
export const conflicts: readonly Conflict[] = [
  {
    id: "gateway-parses-input",
    between: ["plain-kind", "hard-to-get-right"],
    when: { kind: "api_gateway", hard_parts: "untrusted_input" },
    message: "A gateway suits Go, and parsing what strangers send suits Rust; the article does not rank the two.",
    settle:
      "Look at what it parses itself: Go if a proven library reads it and the gateway only routes, Rust if that parser is yours.",
  },
  {
    id: "cpu-heavy-tooling",
    between: ["infrastructure-speaks-go", "computes-more-than-it-waits"],
    unless: knownAndInTime,
    message:
      "Infrastructure tooling draws towards Go, and heavy computing towards Rust; the article does not rank the two.",
    settle:
      "Answer experience and deadline, and look at the code: Go if it mostly talks to Go libraries, Rust if it mostly computes.",
  },
  {
    id: "many-hands-heavy-load",
    between: ["many-hands", "rock-solid-load"],
    unless: knownAndInTime,
    message:
      "Many people on one codebase suit Go, and a load that must never falter suits Rust; the article does not rank the two.",
    settle: "Answer experience and deadline: people who have run Rust, and time beyond weeks, settle it for Rust.",
  },
  {
    id: "money-in-a-hurry",
    between: ["handles-money", "ships-fast"],
    when: { experience: { without: "rust" } },
    message: `Money asks for Rust, from those willing to spend the time. ${inAHurry}`,
    settle: hurryOrCare,
  },
  {
    id: "data-in-a-hurry",
    between: ["data-at-scale", "ships-fast"],
    when: { experience: { without: "rust" } },
    message: `Data at scale asks for Rust, from those willing to spend the time. ${inAHurry}`,
    settle: hurryOrCare,
  },
  {
    id: "load-in-a-hurry",
    between: ["rock-solid-load", "ships-fast"],
    when: { experience: { without: "rust" } },
    message: `Staying solid at peak load asks for Rust, from those willing to spend the time. ${inAHurry}`,
    settle: hurryOrCare,
  },
  {
    id: "weeks-and-invest",
    between: ["due-in-weeks", "pays-back-over-time"],
    contradiction: true,
    message: "A date within weeks and time to invest contradict each other.",
    settle:
      "Say which one is firm: the date (then priority is not invest) or the investment (then deadline is not weeks).",
  },
];

/** Claims that are no rule: kept by what the program does, or left out for a reason. */
export const nonRules: readonly {
  readonly claim: number;
  readonly is: "behaviour" | "non-rule";
  readonly because: string;
}[] = [
  { claim: 1, is: "behaviour", because: "The questions are about the project, not about taste or a slogan." },
  {
    claim: 2,
    is: "non-rule",
    because: "The author picks Rust more often by now. That is no premise; every explanation tells it.",
  },
  {
    claim: 6,
    is: "behaviour",
    because: "The default is one mild rule, so that any strong need for Rust outweighs it.",
  },
  {
    claim: 14,
    is: "behaviour",
    because: "Speed counts only where the load is said to compute; an ordinary API earns no point for it.",
  },
  {
    claim: 17,
    is: "non-rule",
    because: "Cleaner design through ownership depends on no answer, so it would only tilt every verdict.",
  },
  {
    claim: 31,
    is: "non-rule",
    because: "Rust's libraries are good by now, so that no rule may count them against it.",
  },
  {
    claim: 36,
    is: "behaviour",
    because: "Every verdict says that the others are good choices, and none is called wrong.",
  },
  { claim: 39, is: "behaviour", because: "Few questions, each may be skipped, and there is always a verdict." },
  {
    claim: 43,
    is: "non-rule",
    because:
      "More power for more ceremony: its price is counted in async-to-learn, its gain in controls-shared-state and computes-beside-waiting.",
  },
];

/** Options that move no rule, and why they are offered all the same. */
export const neutral: readonly {
  readonly [Id in QuestionId]: { question: Id; option: Option<Id>; because: string };
}[QuestionId][] = [
  { question: "kind", option: "other", because: "The article says nothing of it." },
  {
    question: "deadline",
    option: "months",
    because: "Time enough for either; without Rust in the team it only keeps a verdict from being clear.",
  },
  { question: "deadline", option: "open", because: "No date speaks for no language." },
  { question: "priority", option: "balanced", because: "It takes neither side." },
  { question: "team", option: "solo", because: "The article speaks of large teams only." },
  { question: "team", option: "small", because: "The article speaks of large teams only." },
  { question: "footprint", option: "normal", because: "Every language serves." },
];

/** Said with every verdict: what a person has to weigh as well. */
export const notConsidered: readonly string[] = [
  "Code that you already have, and what it is written in.",
  "Whom you can hire where you are.",
  "Pauses of a garbage collector in the slowest requests.",
  "Regulation and certification.",
];

/** Everything that a verdict depends on; tests decide by changed ones. */
export interface Table {
  readonly rules: readonly Rule[];
  readonly gate: Omit<Rule, "concerns">;
  readonly threshold: Premise;
  readonly conflicts: readonly Conflict[];
}

export const table: Table = { rules, gate, threshold, conflicts };
