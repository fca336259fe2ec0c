import path from "node:path";
import { type ChangeOrder, type ChangeOutcome, change } from "../change.ts";
import { Problem } from "../problem.ts";
import { version } from "../version.ts";
import { type Flag, jsonFlag, type Parsed, parseFlags } from "./flags.ts";
import { exitCodes } from "./report.ts";

export const changeFlags: readonly Flag[] = [
  { name: "dry-run", about: "list what would be done, and do nothing" },
  jsonFlag,
  { name: "force", about: "also where something is not committed, or nothing is under version control" },
];

/** Changes answers of the repository that it runs in, and merges what follows from them. */
export async function run(argv: readonly string[]): Promise<number> {
  const parsed = parseFlags(argv, changeFlags, process.env);
  if (parsed.words.length === 0) {
    throw new Problem(
      "There is nothing to change.",
      `Write KEY=VALUE: npx create-groundwork@${version} change database=postgres`,
    );
  }
  return carryOut(parsed, { amendments: parsed.words });
}

/** Carries out a change below the working folder, and says what came of it. */
export async function carryOut(
  { switches }: Parsed,
  asked: Pick<ChangeOrder, "amendments" | "update">,
): Promise<number> {
  const order: ChangeOrder = {
    ...asked,
    folder: process.cwd(),
    dryRun: switches.has("dry-run"),
    force: switches.has("force"),
  };
  const outcome = await change(order);
  if (switches.has("json")) {
    const { writes: _texts, edits: _more, ...report } = outcome;
    process.stdout.write(`${JSON.stringify({ ...report, dryRun: order.dryRun }, null, 2)}\n`);
  } else {
    process.stdout.write(listing(outcome));
    process.stderr.write(farewell(order, outcome));
  }
  return outcome.conflicts.length > 0 ? exitCodes.conflicts : 0;
}

function listing({ steps }: ChangeOutcome): string {
  return steps
    .map((step) => (step.kind === "remove" ? `remove ${step.path}\n` : `write  ${step.path} (${step.bytes} bytes)\n`))
    .join("");
}

function farewell(
  { dryRun }: ChangeOrder,
  { folder, steps, conflicts, kept, refresh, notes, from, to }: ChangeOutcome,
): string {
  const lines = [
    ...(steps.length === 0 ? ["There is nothing to do."] : []),
    ...(from !== to && steps.length > 0 ? [`From create-groundwork ${from} to ${to}.`] : []),
    ...notes,
    ...(kept.length > 0 ? ["No longer ours, and left because you have edited them:", ...kept.map(indented)] : []),
    ...(conflicts.length > 0
      ? [
          "These wait for you:",
          ...conflicts.map(({ path: file, reason }) => indented(`${file}: ${reason}`)),
          ...(dryRun ? [] : [`Mend them, and run npx create-groundwork@${to} resolve.`]),
        ]
      : []),
    ...(refresh.length > 0 ? ["A lockfile of yours no longer fits. Refresh it:", ...refresh.map(indented)] : []),
    ...(!dryRun && steps.length > 0 && conflicts.length === 0 ? ["See what changed:", indented(diffIn(folder))] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const indented = (line: string) => `  ${line}`;

function diffIn(folder: string): string {
  const from = path.relative(process.cwd(), folder);
  return from === "" ? "git diff" : `git -C ${from} diff`;
}
