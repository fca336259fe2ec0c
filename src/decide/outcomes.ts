import { languages } from "../model/verdict.ts";
import { type Cases, casesFrom, winner } from "./judge.ts";
import { holds, meets, questionsOf } from "./premise.ts";
import { type Answers, answering, type QuestionId, type Value, valuesOf } from "./questions.ts";
import type { Rule, Table } from "./rules.ts";

/** How the language depends on one open question, over every way of answering the other open ones. */
export interface Outlook {
  readonly question: QuestionId;
  /** Two of its answers lead to different languages, all else equal. */
  readonly pivotal: boolean;
  /** The chance that its answer settles the language, when all whole values of a question are equally likely. */
  readonly settling: number;
  /** The chance of what is then the likeliest language. */
  readonly foresight: number;
}

/**
 * Looks at every way of answering the open questions, so that nothing has to be estimated. Millions of ways become thousands:
 * answers that no rule tells apart count as one, and ways through questions that are not read together are added up apart.
 * @param open questions without an answer
 */
export function outlooks(answers: Answers, open: readonly QuestionId[], table: Table): Outlook[] {
  const groups = readTogether(open, table).map((questions) => throughAll(questions, answers, table));
  const known: Way = { ...outcome(answers, table), chance: 1 };
  return groups.flatMap((group) => {
    const rest = groups
      .filter((other) => other !== group)
      .reduce((ways, other) => crossed(ways, other.merged), [known]);
    return surveyed(group, rest);
  });
}

/** One way of answering some questions: what it adds to the verdict, and its chance. */
interface Way extends Cases {
  readonly gated: boolean;
  readonly chance: number;
}

/** Every way through some questions, the last question's answers changing fastest. */
interface Group {
  readonly axes: readonly Axis[];
  readonly ways: readonly Way[];
  /** The same, with ways that add the same as one. */
  readonly merged: readonly Way[];
}

const nothing: Way = { rust: 0, typescript: 0, gated: false, chance: 1 };

interface Axis {
  readonly question: QuestionId;
  readonly kinds: readonly Kind[];
}

/** The whole values of a question that no rule tells apart, and one of them to stand for all. */
export interface Kind {
  readonly value: Value;
  readonly values: readonly Value[];
  readonly chance: number;
}

/** Groups of questions, such that no rule reads questions of two groups. */
function readTogether(open: readonly QuestionId[], { rules, gate }: Table): QuestionId[][] {
  return [gate, ...rules].reduce<QuestionId[][]>(
    (groups, { when }) => {
      const touched = groups.filter((group) => group.some((id) => when[id] !== undefined));
      return touched.length < 2 ? groups : [...groups.filter((group) => !touched.includes(group)), touched.flat()];
    },
    open.map((id) => [id]),
  );
}

function throughAll(questions: readonly QuestionId[], answers: Answers, table: Table): Group {
  const rules = table.rules.filter(({ when }) => questions.some((id) => when[id] !== undefined));
  const axes = questions.map((question) => ({ question, kinds: kindsOf(question, table) }));
  const combined = axes.reduce(
    (ways, { question, kinds }) =>
      ways.flatMap((way) =>
        kinds.map(({ value, chance }) => ({
          answers: answering(way.answers, question, value),
          chance: way.chance * chance,
        })),
      ),
    [{ answers, chance: 1 }],
  );
  const ways = combined.map((way) => ({ ...outcome(way.answers, { ...table, rules }), chance: way.chance }));
  return { axes, ways, merged: crossed([nothing], ways) };
}

export function kindsOf(question: QuestionId, { rules, gate }: Table): Kind[] {
  const own = rules.filter(({ when }) => questionsOf(when).join() === question);
  const shared = [gate, ...rules].filter(
    (rule) => rule.when[question] !== undefined && questionsOf(rule.when).length > 1,
  );
  const values = valuesOf(question);
  const kinds = new Map<string, Kind>();
  for (const value of values) {
    const meeting = (rule: Pick<Rule, "when">) => meets(rule.when[question], [value].flat());
    const { rust, typescript } = casesFrom(own.filter(meeting));
    const key = [rust, typescript, ...shared.map(meeting)].join();
    const alike = [...(kinds.get(key)?.values ?? []), value];
    kinds.set(key, { value, values: alike, chance: alike.length / values.length });
  }
  return [...kinds.values()];
}

function outcome(answers: Answers, { rules, gate }: Table): Omit<Way, "chance"> {
  return { ...casesFrom(rules.filter(({ when }) => holds(when, answers))), gated: holds(gate.when, answers) };
}

/** Every way of the one beside every way of the other; those that add the same are one. */
function crossed(some: readonly Way[], others: readonly Way[]): Way[] {
  const byEffect = new Map<number, { -readonly [Key in keyof Way]: Way[Key] }>();
  for (const a of some) {
    for (const b of others) {
      const rust = a.rust + b.rust;
      const typescript = a.typescript + b.typescript;
      const gated = a.gated || b.gated;
      const chance = a.chance * b.chance;
      // A case stays far below five hundred, so that no two effects share a key.
      const key = (rust * 1000 + typescript) * 2 + (gated ? 1 : 0);
      const same = byEffect.get(key);
      if (same) same.chance += chance;
      else byEffect.set(key, { rust, typescript, gated, chance });
    }
  }
  return [...byEffect.values()];
}

/** Looks along each question of a group, beside every way of answering the rest. */
function surveyed({ axes, ways }: Group, rest: readonly Way[]): Outlook[] {
  const ends = everyEnd(ways, rest);
  let stride = ways.length;
  return axes.map(({ question, kinds }) => {
    stride /= kinds.length;
    const pivotal = changesAlong(ends, kinds.length, stride);
    return { question, pivotal, ...tellingAlong(ends, kinds.length, stride) };
  });
}

/** Where every way ends beside every way of the rest; flat, because an interview and every start wait for it. */
interface Ends {
  readonly ways: number;
  readonly rest: number;
  /** The place of the language in `languages`: a row for each way, a column for each of the rest. */
  readonly places: Uint8Array;
  /** The chance of each language: a row for each way, a column for each language. */
  readonly chances: Float64Array;
}

function everyEnd(ways: readonly Way[], rest: readonly Way[]): Ends {
  const places = new Uint8Array(ways.length * rest.length);
  const chances = new Float64Array(ways.length * languages.length);
  let end = 0;
  for (const [row, way] of ways.entries()) {
    for (const other of rest) {
      const language = winner(way.rust + other.rust, way.typescript + other.typescript, way.gated || other.gated);
      const place = languages.indexOf(language);
      const cell = row * languages.length + place;
      places[end] = place;
      chances[cell] = (chances[cell] as number) + way.chance * other.chance;
      end += 1;
    }
  }
  return { ways: ways.length, rest: rest.length, places, chances };
}

/** Whether two answers of one question, whose ways lie a stride apart, ever end in two languages. */
function changesAlong({ ways, rest, places }: Ends, width: number, stride: number): boolean {
  for (let way = 0; way < ways; way++) {
    const back = (Math.floor(way / stride) % width) * stride * rest;
    for (let end = way * rest; back > 0 && end < (way + 1) * rest; end++) {
      if (places[end] !== places[end - back]) return true;
    }
  }
  return false;
}

/** How much the answers of one question, whose ways lie a stride apart, tell of the language. */
function tellingAlong({ ways, chances }: Ends, width: number, stride: number): Pick<Outlook, "settling" | "foresight"> {
  const shares = new Float64Array(width * languages.length);
  for (let cell = 0; cell < ways * languages.length; cell++) {
    const kind = Math.floor(cell / languages.length / stride) % width;
    const share = kind * languages.length + (cell % languages.length);
    shares[share] = (shares[share] as number) + (chances[cell] as number);
  }
  let settling = 0;
  let foresight = 0;
  for (let kind = 0; kind < width; kind++) {
    const share = shares.subarray(kind * languages.length, (kind + 1) * languages.length);
    const likeliest = Math.max(...share);
    foresight += likeliest;
    if (share.filter((chance) => chance > 0).length === 1) settling += likeliest;
  }
  return { settling, foresight };
}
