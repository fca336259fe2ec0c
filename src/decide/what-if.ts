import { languageNames, type Verdict, type VerdictRule } from "../model/verdict.ts";
import type { Answers } from "./questions.ts";
import { decide } from "./verdict.ts";

export type Standing = VerdictRule["status"] | "absent";

/** A rule that counts, or is overridden, before a change of answers or after it. */
export interface Compared extends Omit<VerdictRule, "status" | "answers"> {
  readonly before: Standing;
  readonly after: Standing;
}

export interface WhatIf {
  readonly change: Readonly<Record<string, unknown>>;
  readonly before: Verdict;
  readonly after: Verdict;
  /** Those that the change moves first. */
  readonly rules: readonly Compared[];
}

/** The verdict before and after a change, rule by rule. */
export function whatIf(answers: Answers, changed: Answers, change: WhatIf["change"]): WhatIf {
  const [before, after] = [decide(answers), decide(changed)];
  const ids = [...new Set([...before.rules, ...after.rules].map(({ id }) => id))];
  const compared = ids.map((id) => comparedOf(id, before, after));
  const moved = ({ before: was, after: is }: Compared) => was !== is;
  return { change, before, after, rules: [...compared.filter(moved), ...compared.filter((rule) => !moved(rule))] };
}

function comparedOf(id: string, before: Verdict, after: Verdict): Compared {
  const [was, is] = [before, after].map(({ rules }) => rules.find((rule) => rule.id === id));
  const known = was ?? is;
  if (!known) throw new Error(`Neither verdict has the rule ${id}.`);
  const { favours, strength, because, section } = known;
  return { id, favours, strength, because, section, before: was?.status ?? "absent", after: is?.status ?? "absent" };
}

/** As a table for a terminal. */
export function whatIfText({ change, before, after, rules }: WhatIf): string {
  const changes = Object.entries(change).map(([id, value]) => `${id}=${String(value)}`);
  const head = ["rule", "speaks for", "before", "after"];
  const rows = rules.map((rule) => [
    `${rule.before === rule.after ? " " : "*"} ${rule.id}`,
    `${languageNames[rule.favours]}, ${rule.strength}`,
    rule.before === "absent" ? "-" : rule.before,
    rule.after === "absent" ? "-" : rule.after,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length + 2, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    `With ${changes.join(" and ")}`,
    `  before: ${summary(before)}`,
    `  after:  ${summary(after)}`,
    "",
    line(["  rule", ...head.slice(1)]),
    ...rows.map(line),
    "",
    "* moves with the change.",
    ...afterwards(before, after),
  ].join("\n");
}

const summary = ({ language, confidence }: Verdict) => `${languageNames[language]}, ${confidence}`;

/** Conflicts that come or go. */
function afterwards(before: Verdict, after: Verdict): string[] {
  const ids = ({ conflicts }: Verdict) => conflicts.map(({ id }) => id);
  const only = (some: Verdict, other: Verdict) => some.conflicts.filter(({ id }) => !ids(other).includes(id));
  return [
    ...only(before, after).map(({ message }) => `No longer in conflict: ${message}`),
    ...only(after, before).map(({ message, settle }) => `Then in conflict: ${message} ${settle}`),
  ];
}
