import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { parse as parseToml } from "smol-toml";
import { parseDocument } from "yaml";
import type { Tree } from "../../src/model/tree.ts";
import type { Language } from "../../src/model/verdict.ts";
import { stagesOf } from "./dockerfile.ts";
import { toolchain } from "./toolchains.ts";

/** With HTML, as forges render it: text of the user's must never become any. */
const markdown = new MarkdownIt({ html: true, linkify: true });

/**
 * Reads every file of a tree by a parser of its format, those apart that only a toolchain reads.
 * @throws Error also for a file whose format nothing here knows
 */
export function parseFiles(tree: Tree): void {
  for (const [file, { content }] of tree) {
    try {
      const [, read] = parsers.find(([pattern]) => pattern.test(file)) ?? [];
      if (!read) throw new Error("Nothing here knows its format.");
      read(content);
    } catch (error) {
      throw new Error(`${file} does not parse: ${error instanceof Error ? error.message : error}\n${content}`);
    }
  }
}

const parsers: readonly (readonly [RegExp, (content: string) => unknown])[] = [
  [/\.json$/, JSON.parse],
  [/\.toml$|^Cargo\.lock$/, parseToml],
  [/\.ya?ml$/, parseYaml],
  [/^\.env\.example$/, lines(/^(#.*|[A-Z_]+=.*|)$/)],
  [/\.md$/, refuseHtml],
  [/^Dockerfile$/, parseDockerfile],
  [/^\.editorconfig$/, lines(/^(\[.+\]|[a-z_]+ = \S+|)$/)],
  [/^\.gitattributes$/, lines(/^(#.*|\S+( [-a-z]+(=[-a-z]+)?)+|)$/)],
  [/^\.(git|docker)ignore$/, lines(/^(#.*|!?\S+|)$/)],
  [/^CODEOWNERS$/, lines(/^(#.*|\S+( @\S+)+|)$/)],
  [/^\.nvmrc$/, lines(/^(\d+\.\d+\.\d+|)$/)],
  [/^LICENSE$|^go\.(mod|sum)$|\.(rs|go|ts|sql)$/, () => undefined],
];

function parseYaml(content: string): void {
  const fault = parseDocument(content).errors[0];
  if (fault) throw fault;
}

/** A format of lines, each of which is like this. */
function lines(line: RegExp): (content: string) => void {
  return (content) => {
    const fault = content.split("\n").find((each) => !line.test(each));
    if (fault !== undefined) throw new Error(fault);
  };
}

function parseDockerfile(content: string): void {
  const stages = stagesOf(content);
  if (stages.length === 0) throw new Error("It has no stage.");
  const strange = stages.flatMap(({ instructions }) => instructions).find(({ keyword }) => keyword === "");
  if (strange) throw new Error("It has an instruction that is none.");
}

function refuseHtml(content: string): void {
  const raw = tokensOf(content).find(({ type }) => type.startsWith("html"));
  if (raw && raw.content !== "<br>") throw new Error(`raw HTML: ${raw.content}`);
}

const tokensOf = (content: string) =>
  markdown.parse(content, {}).flatMap((token) => [token, ...(token.children ?? [])]);

/** The text of the first paragraph, as a reader sees it. */
export function firstParagraph(content: string): string {
  const tokens = markdown.parse(content, {});
  const at = tokens.findIndex(({ type, level }) => type === "paragraph_open" && level === 0);
  return (tokens[at + 1]?.children ?? []).map(({ content: text }) => text).join("");
}

/** What the language's own tools find wrong with all sources below a folder, or to format differently; "" when nothing. */
export function complaints(language: Language, folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const ending = (text: string) => files.filter((file) => file.endsWith(text));
  const runs: Record<Language, () => string[]> = {
    rust: () => [
      run(
        "rustfmt",
        ["--check", "--edition", "2024", "--config", "skip_children=false", ...ending(".rs")],
        folder,
        language,
      ),
    ],
    go: () => [
      run("gofmt", ["-l", "."], folder, language),
      ...ending("go.mod").map((file) => run("go", ["mod", "edit", "-json", file], folder, language, true)),
    ],
    typescript: () => [run(biome, ["format", "."], folder, language)],
  };
  return [...runs[language](), migrate(ending(".sql"), folder)].filter((text) => text !== "").join("\n");
}

const biome = path.join(import.meta.dirname, "../../node_modules/.bin/biome");

/** Each migration alone on a database of its own. */
const MIGRATE = `
import sqlite3, sys
for name in sys.argv[1:]:
    try:
        sqlite3.connect(":memory:").executescript(open(name, encoding="utf-8").read())
    except sqlite3.Error as error:
        print(name, error)
`;

const migrate = (files: readonly string[], folder: string) => run("python3", ["-c", MIGRATE, ...files], folder, "go");

function run(file: string, args: readonly string[], cwd: string, language: Language, quiet = false): string {
  try {
    const output = execFileSync(file, args, {
      cwd,
      env: toolchain(language),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 64 << 20,
    });
    return quiet ? "" : output.replace(/^(Checked|Formatted) .*$/gm, "").trim();
  } catch (error) {
    if (!(error instanceof Error && "stdout" in error && "stderr" in error)) throw error;
    const { stdout, stderr } = error;
    return `${stdout}${stderr}`;
  }
}
