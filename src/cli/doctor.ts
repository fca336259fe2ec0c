import { isAtLeast, toolchains } from "../compose/toolchains.ts";
import { printed } from "../edges/commands.ts";
import { goFetches } from "../edges/go-toolchain.ts";
import { saying } from "../edges/progress.ts";
import { readLayers } from "../edges/templates.ts";
import type { Tool } from "../model/toolchain.ts";
import { type Language, languageNames, languages } from "../model/verdict.ts";
import { Problem } from "../problem.ts";
import { type Flag, jsonFlag, optionOf, parseFlags } from "./flags.ts";
import { refuseWords } from "./words.ts";

export const doctorFlags: readonly Flag[] = [
  {
    name: "language",
    about: "look only for what this language needs, and fail when it is not there",
    value: languages.join("|"),
    options: languages,
  },
  jsonFlag,
];

type State = "found" | "too old" | "missing";

interface Finding {
  readonly tool: Tool;
  readonly version: string | undefined;
  readonly state: State;
}

/**
 * Says which toolchains are here, which are not, and how to get each.
 * @throws Problem when the language that was asked for lacks one
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { words, switches, values } = parseFlags(argv, doctorFlags, process.env);
  refuseWords(words);
  const given = values.get("language");
  const language = given === undefined ? undefined : optionOf("language", given, languages);
  const tools = toolchains(await pinsOfAll()).filter(
    (tool) => !language || tool.languages.length === 0 || tool.languages.includes(language),
  );
  const findings = await saying("asking each tool for its version", Promise.all(tools.map(find)));
  process.stdout.write(
    switches.has("json") ? `${JSON.stringify(findings.map(row), null, 2)}\n` : `${table(findings)}\n`,
  );
  const lacking = findings.filter(({ state }) => state !== "found").map(({ tool }) => tool.name);
  if (language && lacking.length > 0) {
    throw new Problem(
      `A ${languageNames[language]} service needs what is not here: ${lacking.join(", ")}.`,
      "The table says how to get each.",
    );
  }
}

async function pinsOfAll() {
  const rows = languages.map(async (language) => [language, (await readLayers(language, [])).pins] as const);
  return Object.fromEntries(await Promise.all(rows)) as Record<Language, Readonly<Record<string, string>>>;
}

async function find(tool: Tool): Promise<Finding> {
  const version = /\d+(?:\.\d+)+/.exec((await printed(tool.command)) ?? "")?.[0];
  if (version === undefined) return { tool, version, state: "missing" };
  const least = tool.leastAlone !== undefined && !(await goFetches()) ? tool.leastAlone : tool.least;
  return { tool: { ...tool, least }, version, state: isAtLeast(version, least) ? "found" : "too old" };
}

function row({ tool: { name, least, languages: needing, get }, version, state }: Finding): object {
  return { name, state, version: version ?? null, least, languages: needing, ...(state !== "found" && { get }) };
}

function table(findings: readonly Finding[]): string {
  const rows = findings.map(({ tool, version, state }) => [
    tool.name,
    tool.languages.map((language) => languageNames[language]).join(", ") || "all",
    `${tool.least} or newer`,
    state === "found" ? (version ?? "") : state === "missing" ? state : `${state}: ${version}`,
    state === "found" ? "" : `get it: ${tool.get}`,
  ]);
  const widths = rows.reduce<number[]>(
    (most, cells) => cells.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
