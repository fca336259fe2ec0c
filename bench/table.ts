import type { Spread } from "./statistics.ts";

export interface Row {
  readonly language: string;
  readonly figure: string;
  readonly emitted?: number;
  readonly bare?: number;
  readonly digits: number;
  /** When there is one, the budget is its. */
  readonly ratio?: Spread;
  readonly budget: number | undefined;
}

/** One Markdown table with a title in its corner; a figure that misses its budget is marked. */
export function table(title: string, rows: readonly Row[]): string {
  const lines = [[title, "", "emitted", "bare", "ratio (least to most)", "budget", ""], ...rows.map(cells)];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const [head = "", ...body] = lines.map(
    (line) =>
      `| ${line.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width, column) => (isNumber(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  return `${[head, rule, ...body].join("\n")}\n`;
}

const isNumber = (column: number) => column >= 2 && column <= 5;

function cells({ language, figure, emitted, bare, digits, ratio, budget }: Row): string[] {
  const judged = ratio?.median ?? emitted;
  const over = budget !== undefined && judged !== undefined && judged > budget;
  return [
    language,
    figure,
    emitted?.toFixed(digits) ?? "",
    bare?.toFixed(digits) ?? "",
    ratio ? `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})` : "",
    budget === undefined ? "" : `≤ ${budget}${ratio ? " ×" : ""}`,
    over ? "MISSED" : "",
  ];
}
