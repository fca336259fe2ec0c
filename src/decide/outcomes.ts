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
  const byEffect = new Map<number, Way>();
  for (const a of some) {
    for (const b of others) {
      const rust = a.rust + b.rust;
      const typescript = a.typescript + b.typescript;
      const gated = a.gated || b.gated;
      // A case stays far below five hundred, so that no two effects share a key.
      const key = (rust * 1000 + typescript) * 2 + (gated ? 1 : 0);
      byEffect.set(key, { rust, typescript, gated, chance: a.chance * b.chance + (byEffect.get(key)?.chance ?? 0) });
    }
  }
  return [...byEffect.values()];
}

/** Looks along each question of a group, beside every way of answering the rest. */
function surveyed({ axes, ways }: Group, rest: readonly Way[]): Outlook[] {
  const ends = everyEnd(ways, rest);
  let stride = ends.chances.length;
  return axes.map(({ question, kinds }) => {
    stride /= kinds.length;
    return { question, ...along(ends, kinds.length, stride) };
  });
}

/** The place of the language in `languages`, and the chance, of every way beside every other; flat, because an interview waits for it. */
interface Ends {
  readonly places: Uint8Array;
  readonly chances: Float64Array;
}

function everyEnd(ways: readonly Way[], rest: readonly Way[]): Ends {
  const places = new Uint8Array(ways.length * rest.length);
  const chances = new Float64Array(places.length);
  let end = 0;
  for (const way of ways) {
    for (const other of rest) {
      const language = winner(way.rust + other.rust, way.typescript + other.typescript, way.gated || other.gated);
      places[end] = languages.indexOf(language);
      chances[end] = way.chance * other.chance;
      end += 1;
    }
  }
  return { places, chances };
}

/** Compares the answers of one question, whose ends lie a stride apart. */
function along({ places, chances }: Ends, width: number, stride: number): Omit<Outlook, "question"> {
  const shares = new Float64Array(width * languages.length);
  let pivotal = false;
  let end = 0;
  while (end < places.length) {
    for (let kind = 0; kind < width; kind++) {
      const back = kind * stride;
      for (const next = end + stride; end < next; end++) {
        const place = places[end] as number;
        const cell = kind * languages.length + place;
        shares[cell] = (shares[cell] as number) + (chances[end] as number);
        if (place !== places[end - back]) pivotal = true;
      }
    }
  }
  let settling = 0;
  let foresight = 0;
  for (let kind = 0; kind < width; kind++) {
    const share = shares.subarray(kind * languages.length, (kind + 1) * languages.length);
    const likeliest = Math.max(...share);
    foresight += likeliest;
    if (share.filter((chance) => chance > 0).length === 1) settling += likeliest;
  }
  return { pivotal, settling, foresight };
}
