import { md } from "../compose/escapes.ts";
import type { Commands } from "../model/manifest.ts";
import { type Language, languageNames, languages, type Verdict, type VerdictRule } from "../model/verdict.ts";
import { disclosure, flipped, lookAgain, meanings, noFlip, whyNotClear } from "./explain.ts";
import { type Answers, questions, said } from "./questions.ts";
import { article, weights } from "./rules.ts";
import { concernsRust, costOf, leading, type Sides, sidesOf } from "./sides.ts";

export interface Recorded {
  readonly answers: Answers;
  readonly verdict: Verdict;
  /** Of the service. */
  readonly name: string;
  readonly commands: Commands;
  /** What the answers brought to the repository, one phrase each. */
  readonly pieces: readonly string[];
  /** What the answers ask for and the repository does not have. */
  readonly missing: readonly string[];
  /** The service is there already, and the rules have come to say another language. */
  readonly kept?: true;
}

/** The decision record of an emitted repository, in the form of MADR 4 and without a date, so that it depends on the answers alone. */
export function record({ answers, verdict, name, commands, pieces, missing, kept }: Recorded): string {
  const taken = verdict.chosen ?? verdict.language;
  const sides = sidesOf(taken, verdict);
  return [
    "---\nstatus: accepted\n---",
    `# ${kept ? "Keep" : "Write"} ${md(name)} in ${languageNames[taken]}`,
    "## Context and Problem Statement",
    `Should ${md(name)} ${kept ? "still " : ""}be written in Rust, Go or TypeScript? What it has to do and what its team can carry was held against the claims of the article "${article}".`,
    ...context(answers),
    "## Considered Options",
    list(languages.map((language) => languageNames[language])),
    "## Decision Outcome",
    outcome(verdict, kept),
    ...whyNotClear(answers, verdict),
    "### Consequences",
    list(consequences(taken, sides, verdict, pieces, missing)),
    "### Confirmation",
    "These show that the repository is sound, run from this folder. They do not test the choice of language; what would change it is named below.",
    fenced([commands.setup, commands["format-check"], commands.lint, commands.test, commands.build]),
    "## Pros and Cons of the Options",
    `A decisive rule counts ${weights.decisive}, a strong one ${weights.strong}, a mild one ${weights.mild}; Rust, and then TypeScript, has to come out above nought, else it is Go.`,
    ...languages.flatMap((language) => [
      `### ${languageNames[language]}`,
      list(prosAndCons(language, sidesOf(language, verdict))),
    ]),
    "## More Information",
    ...moreInformation(answers, verdict),
    disclosure,
  ]
    .join("\n\n")
    .concat("\n");
}

function context(answers: Answers): string[] {
  const answered = questions.filter(({ id }) => said(answers, id).length > 0);
  const silent = questions.filter((question) => !answered.includes(question));
  const rows = answered.map((question) => {
    const options: readonly { readonly id: string; readonly means: string }[] = question.options;
    const meaning = options
      .filter(({ id }) => said(answers, question.id).includes(id))
      .map(({ id, means }) => `\`${id}\`: ${means}`);
    return `| ${question.asks} | ${meaning.join("<br>")} |`;
  });
  const table = ["| Question | Answer |", "| --- | --- |", ...rows].join("\n");
  const unanswered = `Not answered: ${silent.map(({ id }) => `\`${id}\``).join(", ")}.`;
  return [...(answered.length > 0 ? [table] : []), ...(silent.length > 0 ? [unanswered] : [])];
}

function outcome(verdict: Verdict, kept = false): string {
  const { language, confidence, chosen } = verdict;
  const [first, ...others] = leading(language, verdict).map((rule) =>
    concernsRust(rule)
      ? lowered(rule.because)
      : `Of Go and TypeScript it is ${languageNames[language]}, because ${lowered(rule.because)}`,
  );
  const because = [first, ...others].join(" ");
  const sure = `This is ${confidence}: ${meanings[confidence]}.`;
  if (chosen && kept) {
    return `Chosen option: "${languageNames[chosen]}", because the service is written in it, and another language would be a new repository beside this one. The rules now say ${languageNames[language]}, because ${because} ${sure}`;
  }
  return chosen
    ? `Chosen option: "${languageNames[chosen]}", because the people who own this service chose it. The rules say ${languageNames[language]}, because ${because} ${sure}`
    : `Chosen option: "${languageNames[language]}", because ${because} ${sure}`;
}

function consequences(
  taken: Language,
  { good, bad }: Sides,
  { rules }: Verdict,
  pieces: readonly string[],
  missing: readonly string[],
): string[] {
  const own = good.filter((rule) => rule.favours === taken || costOf(rule) !== undefined);
  const overridden = rules.filter(({ status }) => status === "overridden" && taken !== "rust");
  return [
    ...own.slice(0, 3).map((rule) => `Good, because ${consequence(rule, taken, "is spared")}`),
    ...overridden.slice(0, 2).map(({ because }) => `Bad, because a need for Rust is overridden. ${because}`),
    ...bad.slice(0, 3).map((rule) => `Bad, because ${consequence(rule, taken, "is taken on")}`),
    `Neutral, because the HTTP contract is the same in all three: leaving ${languageNames[taken]} later changes no client.`,
    ...(pieces.length > 0 ? [`Neutral, because the answers brought with them: ${pieces.join("; ")}.`] : []),
    ...(missing.length > 0
      ? [`Neutral, because the answers ask for what is not built yet: ${missing.join("; ")}.`]
      : []),
  ];
}

/** A rule's sentence tells of one language: of a merit, had or given up, or of a cost, spared or taken on. */
function consequence(rule: VerdictRule, taken: Language, becomes: string): string {
  const costly = costOf(rule);
  if (costly !== undefined) return `a cost of ${languageNames[costly]} ${becomes}. ${rule.because}`;
  if (rule.favours === taken) return lowered(rule.because);
  return `a merit of ${languageNames[rule.favours]} is given up. ${rule.because}`;
}

/** Each sentence stands once, at the language that it tells of; the others name it by its rule. */
function prosAndCons(language: Language, { good, bad, overridden }: Sides): string[] {
  const tellsOf = (rule: VerdictRule) => costOf(rule) ?? rule.favours;
  const point = (verb: string, rules: readonly VerdictRule[], note = "") =>
    rules
      .filter((rule) => tellsOf(rule) === language)
      .map(
        ({ because, strength, section, id }) =>
          `${verb}, because ${lowered(because)} (${strength}${note}; ${section}; \`${id}\`)`,
      );
  const elsewhere = (rules: readonly VerdictRule[]) => rules.filter((rule) => tellsOf(rule) !== language);
  const named = (lead: string, rules: readonly VerdictRule[]) =>
    rules.length > 0 ? [`${lead}: ${rules.map(({ id }) => `\`${id}\``).join(", ")}.`] : [];
  const spared = language === "go" ? "what Rust would cost is spared" : "what speaks against Rust does not touch it";
  const points = [
    ...point("Good", good),
    ...named(language === "go" ? `Good, because ${spared}` : `Neutral, because ${spared}`, elsewhere(good)),
    ...point("Neutral", overridden, ", overridden"),
    ...point("Bad", bad),
    ...languages.flatMap((other) =>
      named(
        `Bad, because of what speaks for ${languageNames[other]}`,
        elsewhere(bad).filter(({ favours }) => favours === other),
      ),
    ),
  ];
  return points.length > 0 ? points : ["Neutral, because no answer speaks for it or against it."];
}

function moreInformation(answers: Answers, verdict: Verdict): string[] {
  const { conflicts, flips, open, notConsidered } = verdict;
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["Conflicts, and what would settle them", conflicts.map(({ message, settle }) => `${message} ${settle}`)],
    [
      "What would flip it",
      flips.length > 0 ? flips.map((flip) => `\`${flipped(flip).replace(": ", "`: ")}`) : [noFlip],
    ],
    ["When to look again", whenToLookAgain(answers, verdict)],
    ["Not answered, and able to change it, alone or together", open.map((id) => `\`${id}\``)],
    ["Not considered", notConsidered],
  ];
  return parts.filter(([, lines]) => lines.length > 0).map(([title, lines]) => `### ${title}\n\n${list(lines)}`);
}

function whenToLookAgain(answers: Answers, { rules, conflicts, flips, open }: Verdict): string[] {
  const overridden = rules.filter(({ status }) => status === "overridden").map(({ id }) => `\`${id}\``);
  const [next] = open;
  const flipping = new Set(flips.flatMap(({ change }) => Object.keys(change)));
  const moving = [...flipping].filter((id) => !open.some((each) => each === id)).map((id) => `\`${id}\``);
  return [
    ...(overridden.length > 0 ? [`${overridden.join(", ")}: overridden. ${lookAgain(answers)}`] : []),
    ...(conflicts.length > 0 ? ["When you can answer what settles the conflict."] : []),
    ...(next ? [`When \`${next}\` can be answered.`] : []),
    ...(moving.length > 0 ? [`When ${moving.join(" or ")} changes as above.`] : []),
    "When the service has to do something that it was not asked about here.",
  ];
}

const list = (lines: readonly string[]) => lines.map((line) => `* ${line}`).join("\n");

const fenced = (commands: readonly string[]) => ["```sh", ...commands, "```"].join("\n");

/** A sentence after "because"; a name or an acronym at its start keeps its capital. */
const lowered = (sentence: string) =>
  /^[A-Z](?:[a-z]* |[a-z]+,)/.test(sentence) && !Object.values(languageNames).some((name) => sentence.startsWith(name))
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
