import { changeFlags } from "./change.ts";
import { checkFlags } from "./check.ts";
import { decideFlags } from "./decide.ts";
import { doctorFlags } from "./doctor.ts";
import { answerFlags, answersFlag, type Flag } from "./flags.ts";
import { newFlags } from "./new.ts";
import { resolveFlags } from "./resolve.ts";
import { rulesFlags } from "./rules.ts";

/** Every command with all its flags; completion is written from it too. */
export const summaries = {
  new: {
    line: "new [folder]",
    about: "decide, then emit a repository (the default)",
    flags: [...newFlags, answersFlag, ...answerFlags],
    examples: [
      'npx create-groundwork billing --yes --stakes money --resource "invoice number:text amount:money"',
      "npx create-groundwork billing --yes --language go --output - | tar -x",
    ],
  },
  decide: { line: "decide", about: "decide only, and say why", flags: [...decideFlags, answersFlag, ...answerFlags] },
  rules: { line: "rules", about: "print the rules that decide, with the article's sections", flags: rulesFlags },
  change: {
    line: "change KEY=VALUE…",
    about: "inside an emitted repository: change an answer, and merge what follows",
    flags: changeFlags,
    examples: [
      "npx create-groundwork change database=postgres",
      "npx create-groundwork change stakes+=money footprint=unsure",
    ],
  },
  add: {
    line: "add resource|ci WHAT",
    about: "the same, with one more resource, or with CI",
    flags: changeFlags,
    examples: [
      'npx create-groundwork add resource "invoice number:text amount:money"',
      "npx create-groundwork add ci github",
    ],
  },
  update: { line: "update", about: "the same merge, to this version of groundwork", flags: changeFlags },
  resolve: {
    line: "resolve [path…]",
    about: "take files without markers off the list of pending conflicts",
    flags: resolveFlags,
  },
  check: {
    line: "check",
    about: "offline: exit 3 when the repository has drifted from what was emitted",
    flags: checkFlags,
  },
  schema: { line: "schema", about: "print the JSON Schema of an answers file", flags: [] },
  doctor: {
    line: "doctor",
    about: "say which toolchains are here, and how to get those that are not",
    flags: doctorFlags,
  },
  completion: {
    line: "completion bash|zsh|fish",
    about: "print what a shell needs to complete all of this",
    flags: [],
  },
} as const satisfies Record<string, Summary>;

interface Summary {
  readonly line: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  readonly examples?: readonly string[];
}

/** The overview, or the flags of one command. */
export function help(command: string): string {
  return Object.hasOwn(summaries, command) ? commandHelp(summaries[command as keyof typeof summaries]) : overview();
}

function overview(): string {
  return [
    "Answers are decided into a blueprint, the blueprint selects layers, layers stack into a file tree, the tree is written.",
    "",
    table(Object.values(summaries).map(({ line, about }) => [line, about])),
    "",
    "Examples",
    "  npm create groundwork@latest my-service",
    '  npx create-groundwork billing --yes --stakes money --resource "invoice number:text amount:money"',
    "  npx create-groundwork decide --kind api_gateway --team many --json",
    "",
    "COMMAND --help shows the flags of one command.",
  ].join("\n");
}

function commandHelp({ line, about, flags, examples = [] }: Summary): string {
  const rows = flags.map((flag): [string, string] => [
    `--${flag.name}${flag.value ? ` ${flag.value}` : ""}`,
    flag.about,
  ]);
  const shown = examples.length > 0 ? ["", "Examples", ...examples.map((example) => `  ${example}`)] : [];
  return [`create-groundwork ${line}: ${about}`, ...(rows.length > 0 ? ["", table(rows)] : []), ...shown].join("\n");
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
