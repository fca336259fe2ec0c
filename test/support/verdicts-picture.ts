import { questionsOf } from "../../src/decide/premise.ts";
import { type QuestionId, questionIds } from "../../src/decide/questions.ts";
import { gate, type Rule, rules } from "../../src/decide/rules.ts";
import { type Language, languageNames, languages, strengths } from "../../src/model/verdict.ts";

const rowHeight = 24;
const top = 54;
const columns = { question: 130, rule: 300, ruleEnd: 520, language: 700, width: 820 } as const;
const widths = { decisive: 5, strong: 2.5, mild: 1 } as const;

interface Row extends Omit<Rule, "concerns"> {
  readonly y: number;
  readonly gate: boolean;
}

/** `docs/verdicts.svg`: questions on the left, the rules that read them, and the languages that those speak for. */
export function verdictsPicture(): string {
  const rows = placed();
  const height = top + (rows.length + 1) * rowHeight;
  const questions = spread(rows);
  const ends = new Map(
    languages.map((language) => [language, mean(rows.filter(({ favours }) => favours === language).map(({ y }) => y))]),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns.width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    "  <title>How questions lead to verdicts: each line from a question to a rule that reads it, and from the rule to the language it speaks for</title>",
    "  <style>text{fill:#1f2328}.read{stroke:#8c959f}.rust{stroke:#c2410c}.go{stroke:#0284a8}.typescript{stroke:#4f6bd8}path{fill:none}.gate{stroke-dasharray:5 4}@media (prefers-color-scheme:dark){text{fill:#e6edf3}.read{stroke:#6e7681}.rust{stroke:#fb923c}.go{stroke:#38bdf8}.typescript{stroke:#93a5f8}}</style>",
    ...heads().map(([x, anchor, text]) => label(x, 24, text, anchor, true)),
    ...rows.flatMap((row) =>
      questionsOf(row.when).map((id) =>
        curve(columns.question + 6, questions.get(id) ?? 0, columns.rule - 6, row.y, "read", 1),
      ),
    ),
    ...rows.map((row) => {
      const end = row.gate ? "rust" : row.favours;
      return curve(
        columns.ruleEnd + 6,
        row.y,
        columns.language - 6,
        ends.get(end) ?? 0,
        row.gate ? `${end} gate` : end,
        widths[row.strength],
      );
    }),
    ...[...questions].map(([id, y]) => label(columns.question, y, id, "end")),
    ...rows.map((row) => label(columns.rule, row.y, row.gate ? `${row.id} (gate: not Rust)` : row.id, "start")),
    ...[...ends].map(([language, y]) => label(columns.language, y, languageNames[language], "start", true)),
    "</svg>",
    "",
  ].join("\n");
}

function heads(): [number, "start" | "end", string][] {
  return [
    [columns.question, "end", "questions"],
    [columns.rule, "start", "rules (the thicker, the stronger)"],
    [columns.language, "start", "languages"],
  ];
}

/** Rules by the language that they speak for, the stronger first; the gate beside Rust's. */
function placed(): Row[] {
  const own = rules as readonly Rule[];
  const sorted = languages.flatMap((language: Language) =>
    strengths.flatMap((strength) => own.filter((rule) => rule.favours === language && rule.strength === strength)),
  );
  const all = [...sorted.map((rule) => ({ ...rule, gate: false })), { ...gate, gate: true }];
  const order = [...all.filter((row) => row.gate), ...all.filter((row) => !row.gate)];
  return order.map((row, place) => ({ ...row, y: top + place * rowHeight }));
}

/** Each question at the middle of the rules that read it, moved apart where they would touch. */
function spread(rows: readonly Row[]): Map<QuestionId, number> {
  const wanted = questionIds
    .map((id) => ({ id, y: mean(rows.filter(({ when }) => when[id] !== undefined).map(({ y }) => y)) }))
    .sort((a, b) => a.y - b.y);
  let last = -Infinity;
  return new Map(
    wanted.map(({ id, y }) => {
      last = Math.max(Math.round(y), last + 2 * rowHeight);
      return [id, last];
    }),
  );
}

const mean = (numbers: readonly number[]) =>
  Math.round(numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length));

function label(x: number, y: number, text: string, anchor: "start" | "end", bold = false): string {
  return `  <text x="${x}" y="${y + 4}" text-anchor="${anchor}"${bold ? ' font-weight="600"' : ""}>${text}</text>`;
}

function curve(x1: number, y1: number, x2: number, y2: number, kind: string, width: number): string {
  const middle = (x1 + x2) / 2;
  return `  <path class="${kind}" stroke-width="${width}" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
}
