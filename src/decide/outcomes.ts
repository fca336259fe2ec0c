import { languages } from "../model/verdict.ts";
import { allHold, type Bits, bitsOf, holds, placeOf, type Rows, rowsOf, valueBits } from "./bits.ts";
import { type Cases, winner } from "./judge.ts";
import { type Answers, type QuestionId, type Value, valuesOf } from "./questions.ts";
import type { Table } from "./rules.ts";

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
  const bits = bitsOf(answers);
  const groups = readTogether(open, table).map((questions) => throughAll(questions, bits, table));
  const known = wayOf(bits, rowsOf(table), nothing);
  return besideOthers(groups, [known]).flatMap(([group, rest]) => surveyed(group, asMet(rest, group.merged)));
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
  readonly bits: number;
  readonly values: readonly Value[];
  readonly chance: number;
  /** What the rules add that read this question alone. */
  readonly own: Cases;
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

function throughAll(questions: readonly QuestionId[], answered: Bits, table: Table): Group {
  const axes = questions.map((question) => ({ question, kinds: kindsOf(question, table) }));
  const { rows, gate } = rowsOf(table);
  const places = questions.map(placeOf);
  // What reads one question alone is in its kinds.
  const shared = rows.filter(({ tests }) => tests.length > 1 && tests.some(({ place }) => places.includes(place)));
  const combined = axes.reduce(
    (ways, { question, kinds }) =>
      ways.flatMap(({ bits, way }) =>
        kinds.map(({ bits: answer, chance, own }) => ({
          bits: bits.with(placeOf(question), answer),
          way: {
            rust: way.rust + own.rust,
            typescript: way.typescript + own.typescript,
            gated: false,
            chance: way.chance * chance,
          },
        })),
      ),
    [{ bits: answered, way: nothing }],
  );
  const ways = combined.map(({ bits, way }) => wayOf(bits, { rows: shared, gate }, way));
  return { axes, ways, merged: crossed([nothing], ways) };
}

export function kindsOf(question: QuestionId, table: Table): Kind[] {
  const { rows, gate } = rowsOf(table);
  const place = placeOf(question);
  const reading = [{ tests: gate, rust: 0, typescript: 0 }, ...rows].flatMap(({ tests, rust, typescript }) => {
    const test = tests.find((each) => each.place === place);
    return test ? [{ test, rust, typescript, alone: tests.length === 1 && tests !== gate }] : [];
  });
  const values = valuesOf(question);
  const kinds = new Map<string, Kind>();
  for (const [index, bits] of valueBits(question).entries()) {
    const own = { rust: 0, typescript: 0 };
    let key = "";
    for (const { test, rust, typescript, alone } of reading) {
      const met = holds(test, bits);
      if (!alone) key += met ? "+" : "-";
      else if (met) {
        own.rust += rust;
        own.typescript += typescript;
      }
    }
    key += `${own.rust} ${own.typescript}`;
    const value = values[index] as Value;
    const alike = [...(kinds.get(key)?.values ?? []), value];
    kinds.set(key, { value, bits, values: alike, chance: alike.length / values.length, own });
  }
  return [...kinds.values()];
}

/** A way with what the rows add to it. */
function wayOf(bits: Bits, { rows, gate }: Rows, { rust, typescript, chance }: Way): Way {
  const way = { rust, typescript, gated: allHold(gate, bits), chance };
  for (const row of rows) {
    if (!allHold(row.tests, bits)) continue;
    way.rust += row.rust;
    way.typescript += row.typescript;
  }
  if (way.gated) way.rust = 0;
  return way;
}

/** Every way of the one beside every way of the other; those that add the same are one. */
function crossed(some: readonly Way[], others: readonly Way[]): Way[] {
  const byEffect = new Map<number, { -readonly [Key in keyof Way]: Way[Key] }>();
  for (const a of some) {
    for (const b of others) {
      const gated = a.gated || b.gated;
      // Behind the gate the case for Rust makes no difference.
      const rust = gated ? 0 : a.rust + b.rust;
      const typescript = a.typescript + b.typescript;
      const chance = a.chance * b.chance;
      const key = effect(rust, typescript, gated);
      const same = byEffect.get(key);
      if (same) same.chance += chance;
      else byEffect.set(key, { rust, typescript, gated, chance });
    }
  }
  return [...byEffect.values()];
}

/** A case stays far below five hundred, so that no two effects share a key. */
const effect = (rust: number, typescript: number, gated: boolean) => (rust * 1000 + typescript) * 2 + (gated ? 1 : 0);

/** Each group with every way through all the others; halves of the groups are crossed once for all of the other half. */
function besideOthers(groups: readonly Group[], others: readonly Way[]): (readonly [Group, readonly Way[]])[] {
  const [group] = groups;
  if (group === undefined) return [];
  if (groups.length === 1) return [[group, others]];
  const middle = groups.length >> 1;
  const [some, more] = [groups.slice(0, middle), groups.slice(middle)];
  return [...besideOthers(some, through(more, others)), ...besideOthers(more, through(some, others))];
}

const through = (groups: readonly Group[], others: readonly Way[]) =>
  groups.map(({ merged }) => merged).reduce(crossed, others);

/** The same ways, those as one that end alike beside each of some others: a case counts only in whether it is above nought. */
function asMet(ways: readonly Way[], beside: readonly Way[]): Way[] {
  const rust = ceilings(beside.map((way) => -way.rust));
  const typescript = ceilings(beside.map((way) => -way.typescript));
  return crossed(
    [nothing],
    ways.map((way) => ({ ...way, rust: rust(way.rust), typescript: typescript(way.typescript) })),
  );
}

/** Of the numbers that no floor lies between, one: the least floor that is no less, or one above them all. */
function ceilings(floors: readonly number[]): (number: number) => number {
  const rising = [...new Set(floors)].sort((a, b) => a - b);
  const above = (rising.at(-1) ?? 0) + 1;
  const known = new Map<number, number>();
  return (number) => {
    const ceiling = known.get(number) ?? rising.find((floor) => number <= floor) ?? above;
    known.set(number, ceiling);
    return ceiling;
  };
}

/** Looks along each question of a group, beside every way of answering the rest. */
function surveyed({ axes, ways, merged }: Group, rest: readonly Way[]): Outlook[] {
  const known = new Map(merged.map((way) => [effect(way.rust, way.typescript, way.gated), endOf(way, rest)]));
  const ends = ways.flatMap(({ rust, typescript, gated, chance }) => {
    const end = known.get(effect(rust, typescript, gated));
    return end ? [{ ...end, chance }] : [];
  });
  let stride = ways.length;
  return axes.map(({ question, kinds }) => {
    stride /= kinds.length;
    const kindOf = (way: number) => Math.floor(way / stride) % kinds.length;
    const pivotal = ends.some(({ where }, way) => kindOf(way) > 0 && where !== ends[way - stride]?.where);
    return { question, pivotal, ...telling(ends, kinds.length, kindOf) };
  });
}

/** Where a way ends. */
interface End {
  /** The language beside each way of the rest, a digit for each: its place in `languages`. */
  readonly where: string;
  /** The chance of each language. */
  readonly chances: readonly number[];
}

function endOf(way: Way, rest: readonly Way[]): End {
  const chances = languages.map(() => 0);
  let where = "";
  for (const other of rest) {
    const language = winner(way.rust + other.rust, way.typescript + other.typescript, way.gated || other.gated);
    const place = languages.indexOf(language);
    chances[place] = (chances[place] ?? 0) + other.chance;
    where += place;
  }
  return { where, chances };
}

/** How much the kinds of answer to one question tell of the language. */
function telling(
  ends: readonly (End & { readonly chance: number })[],
  kinds: number,
  kindOf: (way: number) => number,
): Pick<Outlook, "settling" | "foresight"> {
  const shares = Array.from({ length: kinds }, () => languages.map(() => 0));
  ends.forEach(({ chance, chances }, way) => {
    const share = shares[kindOf(way)] ?? [];
    for (const [place, of] of chances.entries()) share[place] = (share[place] ?? 0) + chance * of;
  });
  let [settling, foresight] = [0, 0];
  for (const share of shares) {
    const likeliest = Math.max(...share);
    foresight += likeliest;
    if (share.filter((chance) => chance > 0).length === 1) settling += likeliest;
  }
  return { settling, foresight };
}
