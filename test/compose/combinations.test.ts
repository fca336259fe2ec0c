import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readAnswers } from "../../src/answers.ts";
import { compose } from "../../src/compose/compose.ts";
import { draw } from "../../src/compose/draw.ts";
import { selectLayers } from "../../src/compose/stack.ts";
import { layerExists, readLayers } from "../../src/edges/templates.ts";
import type { Tree } from "../../src/model/tree.ts";
import { type Combination, combinations, spelled } from "../support/combinations.ts";
import { everyType, keywords, languages, treeOf } from "../support/emit.ts";
import { parseFiles } from "../support/formats.ts";

/** One line for each file of each repository: who reads a diff of it sees which repositories a change touches. */
const summaryFile = path.join(import.meta.dirname, "../golden/combinations.txt");

const resources = { simple: "item name:text quantity:integer", "every type": everyType, keywords } as const;

const trees = new Map<string, { readonly combination: Combination; readonly tree: Tree }>();
beforeAll(async () => {
  for (const combination of combinations) {
    const { shape, ...choices } = combination;
    const answers = Object.fromEntries(Object.entries(choices).filter(([, option]) => option !== undefined));
    const tree = await treeOf({ ...answers, name: "billing", resource: resources[shape] });
    trees.set(spelled(combination), { combination, tree });
  }
});

const each = () => [...trees.values()];

describe("of language, database, CI, licence, team, footprint and resource every two options meet, and", () => {
  test("each repository is as its summary says", () => {
    const summary = [...trees].flatMap(([name, { tree }]) => [
      name,
      ...[...tree].map(([file, { content }]) => `  ${file} ${digest(content)}`),
    ]);
    if (process.env.UPDATE_GOLDEN) writeFileSync(summaryFile, `${summary.join("\n")}\n`);
    expect(readFileSync(summaryFile, "utf8").trimEnd().split("\n")).toEqual(summary);
  });

  test("each file parses", () => {
    for (const { tree } of each()) parseFiles(tree);
  });

  test("links lead to files of the repository", () => {
    for (const { tree } of each()) {
      for (const [file, { content }] of tree) {
        if (!file.endsWith(".md")) continue;
        for (const link of linksOf(content))
          expect([...tree.keys()], `${file} links to ${link}`).toContain(target(file, link));
      }
    }
  });

  test("no repository has more than forty files, eight of them prose or meta, and those that its team and its licence ask for", () => {
    for (const { combination, tree } of each()) {
      const files = [...tree.keys()].filter((file) => !asked.test(file));
      expect(files.length, spelled(combination)).toBeLessThanOrEqual(40);
      expect(files.filter((file) => prose.test(file)).length, spelled(combination)).toBeLessThanOrEqual(8);
    }
  });

  test("what no answer asks for is not there", () => {
    for (const { combination, tree } of each()) {
      const { ci, license, team, owner } = combination;
      const has = (file: string) => tree.has(file);
      expect({
        ".github/workflows/ci.yml": has(".github/workflows/ci.yml"),
        ".github/dependabot.yml": has(".github/dependabot.yml"),
        ".gitlab-ci.yml": has(".gitlab-ci.yml"),
        "renovate.json": has("renovate.json"),
        LICENSE: has("LICENSE"),
        CODEOWNERS: has("CODEOWNERS"),
        "CONTRIBUTING.md": has("CONTRIBUTING.md"),
        template: [...tree.keys()].filter((file) => /(pull|merge)_request_template/.test(file)).length,
      }).toEqual({
        ".github/workflows/ci.yml": ci === "github",
        ".github/dependabot.yml": ci === "github",
        ".gitlab-ci.yml": ci === "gitlab",
        "renovate.json": ci === "gitlab",
        LICENSE: license !== undefined,
        CODEOWNERS: team === "many" && owner !== undefined,
        "CONTRIBUTING.md": team === "many",
        template: team === "many" && ci !== undefined ? 1 : 0,
      });
    }
  });
});

test.each(languages)(
  "in a larger repository the workflow of a %s service runs for its own folder",
  async (language) => {
    const { answers, choices } = readAnswers({ language, ci: "github" });
    const blueprint = draw(answers, { ...choices, name: "billing" }, "0.0.0", layerExists);
    const layers = await readLayers(language, selectLayers(blueprint, layerExists));
    const workspace = { place: "services/billing", memberOf: [], apartFrom: [], leavesOut: [".github/"], inherits: [] };
    const { tree, atRoot } = compose({ ...blueprint, workspace }, layers, () => "");
    expect([...tree.keys()].filter((path) => path.startsWith(".github"))).toEqual([]);
    expect([...atRoot.keys()]).toEqual(["../../.github/workflows/billing.yml"]);
    const text = atRoot.get("../../.github/workflows/billing.yml") ?? "";
    const watched = ["services/billing/**", ".github/workflows/billing.yml"];
    expect(parse(text)).toMatchObject({
      name: "billing",
      on: { push: { paths: watched }, pull_request: { paths: watched } },
      defaults: { run: { "working-directory": "services/billing" } },
    });
    const own = /^\s+(?:\S+-file|cache-dependency-path|workspaces): (.*)$/gm;
    const paths = [...text.matchAll(own)].map(([, file]) => file);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((file) => !file?.startsWith("services/billing"))).toEqual([]);
  },
);

const asked = /^(LICENSE|CODEOWNERS|CONTRIBUTING\.md)$|(pull|merge)_request_template/;
const prose = /\.md$|^\.(groundwork|env|editorconfig|gitignore|gitattributes)/;

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

function linksOf(text: string): string[] {
  const tokens = new MarkdownIt().parse(text, {}).flatMap(({ children }) => children ?? []);
  return tokens
    .map((token) => token.attrGet(token.type === "image" ? "src" : "href"))
    .filter((link): link is string => link !== null && !/^[a-z]+:|^#/.test(link));
}

const target = (file: string, link: string) => path.posix.join(path.posix.dirname(file), link.replace(/#.*/, ""));
