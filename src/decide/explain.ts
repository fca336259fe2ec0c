import { type Confidence, type Flip, languageNames, type Verdict, type VerdictRule } from "../model/verdict.ts";
import { doubtsIn } from "./confidence.ts";
import { judge } from "./judge.ts";
import { type Answers, answering } from "./questions.ts";
import { article, table as ours, type Table } from "./rules.ts";
import { leading, sidesOf } from "./sides.ts";

/** What each degree means, in the words that a person reads. */
export const meanings: Readonly<Record<Confidence, string>> = {
  close: "one more answer or one mild rule could turn it, or two rules meet that the article does not rank",
  leaning: "it holds as answered, and changing one answer could turn it",
  clear: "no single change of one answer would turn it",
};

export const disclosure = `The rules are the claims of one article, "${article}" by Jord, whose author now picks Rust more often. Its figures, such as a few months to learn Rust, are that author's experience, not a measurement of ours.`;

/** The verdict in five lines, for the end of a run. */
export function brief(answers: Answers, verdict: Verdict, table: Table = ours): string {
  const { bad } = sidesOf(verdict.language, verdict, table);
  const name = languageNames[verdict.language];
  return [
    headline(verdict),
    `For ${name}: ${leading(verdict.language, verdict, table).map(reason).join(" ")}`,
    `Against ${name}: ${bad.slice(0, 1).map(reason).join("") || nothingAgainst(verdict)}`,
    nextToKnow(answers, verdict, table),
    allGood,
  ].join("\n");
}

const nothingAgainst = ({ rules }: Verdict) =>
  rules.some(({ status }) => status === "overridden")
    ? "nothing that counts; what is overridden follows."
    : "nothing that was answered.";

/** Everything behind the verdict, for a person who wants to know or to disagree. */
export function explain(answers: Answers, verdict: Verdict, table: Table = ours): string {
  const { language, ranking, conflicts, flips, open } = verdict;
  const { good, bad } = sidesOf(language, verdict, table);
  const own = language === "typescript" ? good.filter(({ favours }) => favours === language) : good;
  const { overridden } = sidesOf("rust", verdict, table);
  const name = languageNames[language];
  const [, second, third] = ranking.map((each) => languageNames[each]);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [`For ${name}`, own.map(line)],
    ["Against Rust, which leaves it in the running", good.filter((rule) => !own.includes(rule)).map(line)],
    [`Against ${name}`, bad.map(line)],
    ["Overridden", overridden.length > 0 ? [...overridden.map(line), lookAgain(answers, table)] : []],
    ["Conflicts", conflicts.map(({ message, settle }) => `${message} ${settle}`)],
    ["What would flip it", flips.length > 0 ? flips.map(flipped) : [noFlip]],
    ["Not answered, and able to change it, alone or together", open],
    ["Not considered", verdict.notConsidered],
  ];
  return [
    [headline(verdict), ...whyNotClear(answers, verdict, table), `Behind it ${second}, then ${third}.`].join("\n"),
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
  const now = judge(answers, table).language;
  const later = judge(answering(answers, "deadline", "open"), table).language;
  return `Look again once the deadline has passed: with deadline=open the rules ${later === now ? "still " : ""}say ${languageNames[later]}.`;
}

/** Everything that keeps this verdict from being clear, in one sentence; nothing when it is clear. */
export function whyNotClear(answers: Answers, { confidence, conflicts }: Verdict, table: Table = ours): string[] {
  const doubts = doubtsIn(judge(answers, table), conflicts.length, answers, table);
  if (doubts.length === 0) return [];
  return [`It is ${confidence} here because ${doubts.map(({ because }) => because).join("; ")}.`];
}

export const noFlip =
  "No change of deadline, priority, team or footprint, nor a further language learnt, would, alone or in twos. Other answers were not varied.";

const allGood = "Rust, Go and TypeScript are all good choices, and what the service answers is the same in each.";

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
  if (open.length > 0) return `Not answered, and able to change it, alone or together: ${open.join(", ")}.`;
  return `What would flip it: ${noFlip.charAt(0).toLowerCase()}${noFlip.slice(1)}`;
}

const reason = ({ because, section }: VerdictRule) => `${because} (${section})`;

const line = (rule: VerdictRule) => `${rule.strength.padEnd(8)}  ${reason(rule)} [${rule.id}]`;
