import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { rootCommands } from "../compose/workspace.ts";
import { contradictions } from "../decide/contradictions.ts";
import { brief } from "../decide/explain.ts";
import { nameOf } from "../edges/folder.ts";
import { mayAsk } from "../edges/presence.ts";
import { fitted } from "../edges/wrap.ts";
import type { Step } from "../model/step.ts";
import { Problem } from "../problem.ts";
import { quoted, refreshing } from "../refreshing.ts";
import { type Order, type Outcome, type Output, outputs, scaffold } from "../scaffold.ts";
import { version } from "../version.ts";
import { type Flag, flagOf, jsonFlag, optionOf } from "./flags.ts";
import { readRequest } from "./request.ts";
import { refuseWords } from "./words.ts";

export const newFlags: readonly Flag[] = [
  { name: "yes", about: "never ask; what is unanswered stays unanswered" },
  { name: "plain", about: "ask in numbered lines and redraw nothing, as for a screen reader" },
  { name: "dry-run", about: "list what would be done, and do nothing" },
  jsonFlag,
  {
    name: "output",
    about: "a folder, an archive named after it, or a tar on standard output",
    value: outputs.join("|"),
    options: outputs,
  },
  { name: "no-git", about: "start no repository" },
  { name: "no-workspace", about: "take no part in the Cargo, Go or packages workspace that the folder is in" },
  { name: "force", about: "write into a folder that is not empty" },
];

/** Decides, then emits. */
export async function run(argv: readonly string[]): Promise<void> {
  const { words, switches, values, answers, choices } = await readRequest(argv, newFlags);
  // A run is over before code that is compiled to be fast would have paid for its compiling. Node's own modules come first:
  // what it carries of them compiled is valid for the flags that it started with only.
  setFlagsFromString("--no-opt");
  const [folder, ...surplus] = words;
  refuseWords(surplus);
  const output = outputOf(values.get("output") ?? "dir", switches);
  const given = folder ?? choices.name;
  const manner = { plain: switches.has("plain"), force: switches.has("force") };
  const said = mayAsk(switches)
    ? await (await import("../edges/terminal.ts")).interview({ answers, choices }, given, manner)
    : { answers, choices, folder: given };
  if (said.folder === undefined) {
    throw new Problem("There is no folder to write to.", "Name one: npx create-groundwork my-service --yes");
  }
  const target = resolve(said.folder);
  const order: Order = {
    answers: said.answers,
    choices: { ...said.choices, name: said.choices.name ?? nameOf(said.folder) },
    target,
    dryRun: switches.has("dry-run"),
    git: !switches.has("no-git"),
    workspace: !switches.has("no-workspace"),
    force: switches.has("force"),
    output,
  };
  const outcome = await scaffold(order);
  if (switches.has("json")) process.stdout.write(`${JSON.stringify(reportOf(order, outcome), null, 2)}\n`);
  else if (order.dryRun) process.stdout.write(listing(outcome));
  else if (output === "-") process.stdout.write(outcome.archive ?? "");
  if (!switches.has("json")) process.stderr.write(farewell(order, outcome, said.folder));
}

/** @throws Problem when it is none, or another flag contradicts it or would have no effect beside it. */
function outputOf(given: string, switches: ReadonlySet<string>): Output {
  const output = optionOf("output", given, outputs);
  const idle = output === "dir" ? [] : ["no-git", "no-workspace", ...(output === "-" ? ["force"] : [])];
  const without = idle.find((name) => switches.has(name));
  if (without) throw new Problem(`--${without} has no effect with --output ${output}.`, `Leave --${without} out.`);
  if (output === "-" && !switches.has("dry-run")) {
    if (switches.has("json"))
      throw new Problem("--json and --output - both write to standard output.", "Leave one out.");
    if (process.stdout.isTTY)
      throw new Problem("A terminal cannot show a tar.", "Send it elsewhere, such as to | tar -x.");
  }
  return output;
}

function reportOf(order: Order, { blueprint, commands, steps, note, findings = [] }: Outcome): object {
  return {
    target: order.target,
    name: blueprint.name,
    language: blueprint.language,
    verdict: blueprint.verdict,
    missing: blueprint.missing.map(({ about }) => about),
    commands,
    steps,
    ...(blueprint.workspace && {
      workspace: blueprint.workspace,
      fromRoot: rootCommands(blueprint.workspace, blueprint.name),
    }),
    ...(findings.length > 0 && { findings }),
    dryRun: order.dryRun,
    ...(note && { note }),
  };
}

function listing({ steps }: Outcome): string {
  return steps.map((step) => `${lineOf(step)}\n`).join("");
}

function lineOf(step: Step): string {
  if (step.kind === "write") return `write ${step.path} (${step.bytes} bytes)`;
  if (step.kind === "edit") return `edit  ${step.path} (${step.why})`;
  return step.kind === "run" ? `run   ${step.command.join(" ")}` : `write ${step.path} (${step.why})`;
}

function farewell(order: Order, outcome: Outcome, folder: string): string {
  const { blueprint, commands, note, steps, findings = [] } = outcome;
  const { missing } = blueprint;
  const prose = [
    brief(order.answers, blueprint.verdict),
    ...contradictions(order.answers).map(({ message, settle }) => `${message} ${settle}`),
    ...(missing.length > 0
      ? [`Not built yet, though your answers ask for it: ${missing.map(({ about }) => about).join(", ")}.`]
      : []),
    ...findings,
    ...(order.dryRun ? [] : registered(steps)),
    ...(note && !order.dryRun ? [note] : []),
  ];
  // A command stays whole, so that it can be copied.
  const toRun = [
    ...(order.dryRun
      ? []
      : [
          "Next:",
          ...[...refreshing(blueprint, folder), ...unpacking(order, folder)].map((line) => `  ${line}`),
          ...[commands.setup, commands.build, ...serving(steps), commands.start].map((line) => `  ${line}`),
          ...fromRoot(outcome),
          "",
        ]),
    "The same again:",
    `  ${replay(order, folder)}`,
  ];
  return `${fitted(prose.join("\n"), process.stderr)}\n\n${toRun.join("\n")}\n`;
}

/** What was changed outside the repository. */
const registered = (steps: readonly Step[]) =>
  steps.flatMap((step) => {
    if (step.kind === "edit") return [`Edited ${step.path}: ${step.why}.`];
    return step.kind === "create" ? [`Wrote ${step.path}: ${step.why}.`] : [];
  });

function fromRoot({ blueprint }: Outcome): string[] {
  return rootCommands(blueprint.workspace, blueprint.name).flatMap(({ root, build, test }) => [
    "",
    `From ${root}:`,
    `  ${build}`,
    `  ${test}`,
  ]);
}

/** What starts the server that the service needs, and tells it where that is. */
function serving(steps: readonly Step[]): string[] {
  if (!steps.some((step) => step.kind === "write" && step.path === "compose.yaml")) return [];
  return [
    "docker compose up --detach --wait database",
    "export DATABASE_URL=postgres://postgres:postgres@127.0.0.1:5432/postgres",
  ];
}

/** What leads to the repository. */
function unpacking({ output, choices }: Order, folder: string): string[] {
  if (output === "tar") return [`tar -xf ${quoted(`${folder}.tar`)}`, `cd ${choices.name}`];
  if (output === "zip") return [`unzip ${quoted(`${folder}.zip`)}`, `cd ${choices.name}`];
  return [`cd ${output === "-" ? choices.name : quoted(folder)}`];
}

/** The command that replays this run. */
function replay({ answers, choices, git, workspace, output = "dir" }: Order, folder: string): string {
  const flags = Object.entries({ ...answers, ...choices }).map(
    ([id, value]) => `--${flagOf(id)} ${quoted([value].flat().join(","))}`,
  );
  const manner = [
    ...(git ? [] : ["--no-git"]),
    ...(workspace === false ? ["--no-workspace"] : []),
    ...(output === "dir" ? [] : [`--output ${output}`]),
  ];
  return [`npx create-groundwork@${version}`, quoted(folder), "--yes", ...manner, ...flags].join(" ");
}
