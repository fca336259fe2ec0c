import { claims } from "../../src/decide/claims.ts";
import { adding, carriersOf, premiseText } from "../../src/decide/rule-table.ts";
import { article, conflicts, gate, neutral, notConsidered, rules } from "../../src/decide/rules.ts";
import { languageNames } from "../../src/model/verdict.ts";

/** `docs/rules.md`: every claim of the article, and what it counts for. */
export function rulesPage(): string {
  return [
    "# The rules",
    `Every verdict comes from this table: the claims of one article, "${article}" by Jord, each paraphrased with its section. \`npx create-groundwork rules\` prints it, with \`--json\` as data. \`npm run golden\` writes this page anew.`,
    "![How questions lead to verdicts](verdicts.svg)",
    ...adding,
    "## Claims",
    table(
      ["#", "Section", "The article says", "When", "Speaks for", "Strength", "Rule, or why it is none"],
      claims.flatMap((claim) =>
        carriersOf(claim).map((carrier) =>
          "because" in carrier
            ? [String(claim.number), claim.section, claim.says, "", "", "", `${carrier.is}: ${carrier.because}`]
            : [
                String(claim.number),
                claim.section,
                claim.says,
                premiseText(carrier.rule.when),
                carrier.is === "gate" ? "not Rust" : languageNames[carrier.rule.favours],
                carrier.is === "gate" ? "gate" : carrier.rule.strength,
                `\`${carrier.rule.id}\``,
              ],
        ),
      ),
    ),
    "## Rules",
    table(
      ["Rule", "In the case of", "Because"],
      [
        ...rules.map(({ id, concerns, because }) => [
          `\`${id}\``,
          concerns.map((challenger) => languageNames[challenger]).join(", "),
          because,
        ]),
        [`\`${gate.id}\` (the gate)`, "Rust", gate.because],
      ],
    ),
    "## Where two rules meet that the article does not rank",
    "The verdict is `close` then, and the explanation says what would settle it.",
    table(
      ["Between", "Why", "What settles it"],
      conflicts.map(({ between, message, settle }) => [between.map((id) => `\`${id}\``).join(", "), message, settle]),
    ),
    "## Options that move no rule",
    table(
      ["Question", "Option", "Why it is offered"],
      neutral.map(({ question, option, because }) => [`\`${question}\``, `\`${option}\``, because]),
    ),
    "## Not considered",
    notConsidered.map((line) => `- ${line}`).join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
