interface QuestionRow {
  readonly id: string;
  readonly asks: string;
  /** What the answer is needed for, in one line. */
  readonly why: string;
  /** Several options may hold at once, except `none`, which stands alone. */
  readonly several?: true;
  readonly options: readonly { readonly id: string; readonly means: string }[];
}

/** The one list that gives the types, the prompts, the flags and the JSON Schema. */
export const questions = [
  {
    id: "kind",
    asks: "What kind of service is it?",
    why: "Some kinds have a language that most of their ecosystem is written in, or a load where speed shows.",
    options: [
      { id: "crud_api", means: "most requests create, read, change or delete records" },
      { id: "api_gateway", means: "most requests are checked, routed and passed on to other services" },
      { id: "internal_tool", means: "its users are colleagues: back office, admin pages, reports" },
      { id: "infra_tooling", means: "it runs or watches other software: operators, agents, deployment" },
      { id: "data_processing", means: "it works through records or documents by the thousand" },
      { id: "realtime_events", means: "it takes in a stream of events and must answer or forward within moments" },
      { id: "other", means: "none of these describes it" },
    ],
  },
  {
    id: "stakes",
    asks: "Does any of this hold?",
    why: "What a failure would cost decides how much care is worth paying for up front.",
    several: true,
    options: [
      { id: "money", means: "it moves, holds or bills money, so that a wrong number is a loss" },
      {
        id: "rock_solid_load",
        means: "it must stay correct and responsive at peak load, by agreement or by its nature",
      },
      { id: "core_service", means: "when it is down, most of the company's product is down" },
      { id: "none", means: "none of these: a failure is a nuisance, and can be mended later" },
    ],
  },
  {
    id: "load",
    asks: "Where does the time of a request go?",
    why: "Waiting suits goroutines; computing is where the language's own speed shows.",
    options: [
      { id: "io_bound", means: "waiting for databases, networks and other services" },
      { id: "cpu_bound", means: "computing: parsing, compressing, encrypting, calculating" },
      { id: "mixed", means: "substantial computing and substantial waiting in the same process" },
    ],
  },
  {
    id: "hard_parts",
    asks: "What is hard in it?",
    why: "A strict type system pays for itself where the code is hard to get right, and not elsewhere.",
    several: true,
    options: [
      { id: "stateful", means: "it keeps state in memory between requests, which must stay consistent" },
      { id: "concurrent_coordination", means: "tasks that run at once must wait for, cancel or feed each other" },
      { id: "shared_state_control", means: "you must control which task may read or write shared memory, and when" },
      { id: "untrusted_input", means: "it parses files, formats or protocols from people you do not trust" },
      { id: "complex_rules", means: "many business rules that depend on one another" },
      { id: "serialisation_heavy", means: "much of the work is reading and writing JSON or similar formats" },
      { id: "none", means: "nothing beyond everyday request handling" },
    ],
  },
  {
    id: "experience",
    asks: "Which of these has the team run in production?",
    why: "A language that the team knows costs nothing to learn, and Rust costs most.",
    several: true,
    options: [
      { id: "rust", means: "people who will build this have shipped and operated a Rust service" },
      { id: "go", means: "people who will build this have shipped and operated a Go service" },
      {
        id: "typescript",
        means: "people who will build this have shipped and operated a Node service in TypeScript or JavaScript",
      },
      { id: "none", means: "none of the three" },
    ],
  },
  {
    id: "deadline",
    asks: "When must it serve real users?",
    why: "Rust takes months to learn; a nearer date cannot wait for that.",
    options: [
      { id: "weeks", means: "within about eight weeks" },
      { id: "months", means: "later than that, and within about a year" },
      { id: "open", means: "no date, or more than a year away" },
    ],
  },
  {
    id: "priority",
    asks: "What gives when something must?",
    why: "It says whether time spent now may be paid back later.",
    options: [
      { id: "ship_fast", means: "scope and polish give: being live soon matters most" },
      { id: "balanced", means: "neither always gives; it is weighed each time" },
      { id: "invest", means: "the date gives: time spent now may be paid back over years" },
    ],
  },
  {
    id: "team",
    asks: "How many people will change this code?",
    why: "The more hands, the more it helps that code looks alike whoever wrote it.",
    options: [
      { id: "solo", means: "one person" },
      { id: "small", means: "two to nine people" },
      { id: "many", means: "ten or more, or several teams, or people coming and going" },
    ],
  },
  {
    id: "footprint",
    asks: "Must it be one small artefact that starts fast?",
    why: "It separates languages that compile to one binary from those that bring a runtime.",
    options: [
      {
        id: "tight",
        means: "yes: size, memory or start time is limited, such as on an edge device or when scaling from zero",
      },
      { id: "normal", means: "no: an ordinary server or container will do" },
    ],
  },
] as const satisfies readonly QuestionRow[];

export type Question = (typeof questions)[number];
export type QuestionId = Question["id"];
type Row<Id extends QuestionId> = Extract<Question, { id: Id }>;
export type Option<Id extends QuestionId> = Row<Id>["options"][number]["id"];
export type Answer<Id extends QuestionId> = Row<Id> extends { several: true } ? readonly Option<Id>[] : Option<Id>;

/** What the user said, and only that: `unsure` is no answer, and an empty list is none either. */
export type Answers = { readonly [Id in QuestionId]?: Answer<Id> };

/** A whole answer, of any question. */
export type Value = string | readonly string[];

export const questionIds: readonly QuestionId[] = questions.map(({ id }) => id);

export function rowOf(id: QuestionId): Question {
  const row = questions.find((question) => question.id === id);
  if (!row) throw new Error(`There is no question ${id}.`);
  return row;
}

/** The options that an answer names; empty when there is no answer. */
export function said(answers: Answers, id: QuestionId): readonly string[] {
  const answer: Value = answers[id] ?? [];
  return typeof answer === "string" ? [answer] : answer;
}

/** Every whole value that a question can be answered with. */
export function valuesOf(id: QuestionId): readonly Value[] {
  return wholeValues.get(id) ?? [];
}

/** The same answers but for one question. */
export function answering(answers: Answers, id: QuestionId, value: Value): Answers {
  return { ...answers, [id]: value } as Answers;
}

const wholeValues = new Map<QuestionId, readonly Value[]>(
  questions.map((question) => {
    const options = question.options.map(({ id }) => id);
    return [
      question.id,
      "several" in question ? [...subsets(options.filter((id) => id !== "none")), ["none"]] : options,
    ];
  }),
);

/** Without the empty one, the smaller first. */
function subsets(options: readonly string[]): string[][] {
  const all = options.reduce<string[][]>((sets, option) => sets.concat(sets.map((set) => [...set, option])), [[]]);
  return all.filter((set) => set.length > 0).sort((a, b) => a.length - b.length);
}
