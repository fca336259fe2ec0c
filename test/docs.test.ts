import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { answerFlags } from "../src/cli/flags.ts";
import { newFlags } from "../src/cli/new.ts";
import { groundwork } from "./support/cli.ts";
import { brokenLinks } from "./support/markdown.ts";
import { picture } from "./support/picture.ts";
import { rulesPage } from "./support/rules-page.ts";
import { verdictsPicture } from "./support/verdicts-picture.ts";

const root = path.join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** `npm run golden` draws it anew. */
test("the picture in the README is what a run prints", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "picture-"));
  const args = [
    "billing",
    "--yes",
    "--stakes",
    "money",
    "--experience",
    "go,rust",
    "--deadline",
    "months",
    "--resource",
    "invoice number:text amount:money",
  ];
  const { stderr } = await groundwork(folder, args);
  rmSync(folder, { recursive: true, force: true });
  const command = `$ npx create-groundwork ${args.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ")}`;
  const drawn = picture("A run of create-groundwork", [command, ...stderr.split("\n")].flatMap(wrapped));
  if (process.env.UPDATE_GOLDEN) writeFileSync(path.join(root, "docs/run.svg"), drawn);
  expect(read("docs/run.svg")).toBe(drawn);
});

/** `npm run golden` writes them anew. */
test.each([
  ["docs/rules.md", rulesPage],
  ["docs/verdicts.svg", verdictsPicture],
])("%s is what the table says", (file, drawn) => {
  if (process.env.UPDATE_GOLDEN) writeFileSync(path.join(root, file), drawn());
  expect(read(file)).toBe(drawn());
});

test("the README names every flag of new and every script that it tells to run", () => {
  const readme = read("README.md");
  for (const { name } of [...answerFlags, ...newFlags]) expect(readme).toContain(`--${name}`);
  for (const page of ["README.md", "CONTRIBUTING.md"]) {
    for (const [, script = ""] of read(page).matchAll(/npm run ([\w:-]+)/g))
      expect(manifest.scripts, page).toHaveProperty([script]);
  }
});

test("nothing tells a user to run the package that the bare name belongs to", () => {
  for (const page of ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
    expect(read(page)).not.toMatch(/npx groundwork\b/);
});

test("each decision record has a number of its own", () => {
  const numbers = readdirSync(path.join(root, "docs/decisions")).map((file) => file.split("-", 1)[0]);
  expect(numbers).toEqual([...new Set(numbers)]);
});

test("links of the project's own pages lead to its files, and to headings in them", () => {
  const listed = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  const isPage = (file: string) => /^(docs\/.*|[^/]*)\.md$/.test(file);
  const files = new Map(listed.map((file) => [file, isPage(file) ? read(file) : ""]));
  expect(brokenLinks(files)).toEqual([]);
});

test("a link to a file or a heading that is not there is told", () => {
  const page = "# A title, *here*\n[a](b.md) [b](c/d.md#none) [c](#a-title-here) [d](c/) [e](https://example.com)";
  const files = new Map([
    ["a.md", page],
    ["c/d.md", "## None of them"],
  ]);
  expect(brokenLinks(files)).toEqual(["a.md links to b.md", "a.md links to c/d.md#none"]);
});

/** As a terminal of 110 columns shows it. */
function wrapped(line: string): string[] {
  return line.match(/.{1,110}/g) ?? [""];
}
