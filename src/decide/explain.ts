import { type Confidence, type Flip, languageNames, type Verdict, type VerdictRule } from "../model/verdict.ts";
import { atThreshold } from "./confidence.ts";
import { judge } from "./judge.ts";
import { type Answers, answering } from "./questions.ts";
import { article, table as ours, type Table } from "./rules.ts";
import { sidesOf } from "./sides.ts";

/** What each degree means, in the words that a person reads. */
export const meanings: Readonly<Record<Confidence, string>> = {
  close: "one more answer or one mild rule could turn it, or two rules meet that the article does not rank",
  leaning: "it holds as answered, and changing one answer could turn it",
  clear: "no single change of one answer would turn it",
};

export const disclosure = `The rules are the claims of one article, "${article}" by Jord, whose author picks Rust more often by now. Its figures (ten times, a weekend, a few months) are that author's experience, not a measurement of ours.`;

/** The verdict in five lines, for the end of a run. */
export function brief(answers: Answers, verdict: Verdict, table: Table = ours): string {
  const { good, bad } = sidesOf(verdict.language, verdict, table);
  const name = languageNames[verdict.language];
  return [
    headline(verdict),
    `For ${name}: ${good.slice(0, 1).map(reason).join("")}`,
    `Against ${name}: ${bad.slice(0, 1).map(reason).join("") || "nothing that was answered."}`,
    nextToKnow(answers, verdict, table),
    allGood,
  ].join("\n");
}

/** Everything behind the verdict, for a person who wants to know or to disagree. */
export function explain(answers: Answers, verdict: Verdict, table: Table = ours): string {
  const { language, ranking, conflicts, flips, open } = verdict;
  const { good, bad } = sidesOf(language, verdict, table);
  const { overridden } = sidesOf("rust", verdict, table);
  const name = languageNames[language];
  const [, second, third] = ranking.map((each) => languageNames[each]);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [`For ${name}`, good.map(line)],
    [`Against ${name}`, bad.map(line)],
    ["Overridden", overridden.length > 0 ? [...overridden.map(line), lookAgain(answers, table)] : []],
    ["Conflicts", conflicts.map(({ message, settle }) => `${message} ${settle}`)],
    ["What would flip it", flips.map(flipped)],
    ["Not answered, and able to change it", open],
    ["Not considered", verdict.notConsidered],
  ];
  return [
    [headline(verdict), `Behind it ${second}, then ${third}.`, ...thresholdNote(answers, table)].join("\n"),
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .map(([title, lines]) => [title, ...lines.map((each) => `  ${each}`)].join("\n")),
    [allGood, disclosure].join("\n"),
  ].join("\n\n");
}

/** `deadline=open, experience=rust,go: Rust`, as `--what-if` takes it. */
export function flipped({ change, language }: Flip): string {
  return `${Object.entries(change)
    .map(([id, value]) => `${id}=${String(value)}`)
    .join(" and ")}: ${languageNames[language]}`;
}

/** When to look at the overridden rules again, and what they would say then. */
export function lookAgain(answers: Answers, table: Table = ours): string {
  const later = languageNames[judge(answering(answers, "deadline", "open"), table).language];
  return `Look again once the deadline has passed: with deadline=open the rules say ${later}.`;
}

/** Why a verdict for or against Rust cannot be clear when a few months are all there is to learn it; nothing otherwise. */
export function thresholdNote(answers: Answers, table: Table = ours): string[] {
  const reached = atThreshold(judge(answers, table), answers, table);
  return reached
    ? ["Nobody here has run Rust, and a few months are just what learning it takes, so this is never called clear."]
    : [];
}

const allGood = "Rust, Go and TypeScript are all good choices, and the service behaves the same in each.";

function headline({ language, confidence, chosen }: Verdict): string {
  const sure = `${confidence}: ${meanings[confidence]}.`;
  const name = languageNames[language];
  return chosen ? `${languageNames[chosen]}, as you chose. The rules say ${name}, ${sure}` : `${name}, ${sure}`;
}

function nextToKnow(answers: Answers, { rules, conflicts, flips, open }: Verdict, table: Table): string {
  const overridden = rules.find(({ status }) => status === "overridden");
  if (overridden) return `Overridden: ${reason(overridden)} ${lookAgain(answers, table)}`;
  const [conflict] = conflicts;
  if (conflict) return `Conflict: ${conflict.message} ${conflict.settle}`;
  const [flip] = flips;
  if (flip) return `What would flip it: ${flipped(flip)}.`;
  if (open.length > 0) return `Not answered, and able to change it: ${open.join(", ")}.`;
  return "No change of deadline, priority, experience, team or footprint would flip it, alone or in twos.";
}

const reason = ({ because, section }: VerdictRule) => `${because} (${section})`;

const line = (rule: VerdictRule) => `${rule.strength.padEnd(8)}  ${reason(rule)} [${rule.id}]`;
