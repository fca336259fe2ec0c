import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readAnswers } from "../../src/answers.ts";
import { compose } from "../../src/compose/compose.ts";
import { draw } from "../../src/compose/draw.ts";
import { selectLayers } from "../../src/compose/stack.ts";
import { layerExists, readLayers } from "../../src/edges/templates.ts";
import type { Tree } from "../../src/model/tree.ts";
import {
  type Combination,
  combinations,
  everyCombination,
  spelled,
  treeOfCombination,
} from "../support/combinations.ts";
import { languages, treeOf } from "../support/emit.ts";
import { parseFiles } from "../support/formats.ts";
import { brokenLinks } from "../support/markdown.ts";

/** One line for each file of each repository: who reads a diff of it sees which repositories a change touches. */
const summaryFile = path.join(import.meta.dirname, "../golden/combinations.txt");

const trees = new Map<string, { readonly combination: Combination; readonly tree: Tree }>();
beforeAll(async () => {
  for (const combination of combinations) {
    trees.set(spelled(combination), { combination, tree: await treeOfCombination(combination) });
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

  test("links lead to files of the repository, and to headings in them", () => {
    for (const { combination, tree } of each()) {
      const files = new Map([...tree].map(([file, { content }]) => [file, content]));
      expect(brokenLinks(files), spelled(combination)).toEqual([]);
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

/** What a licence and a team bring, each file by its answer, on top of what everybody has. */
const asked = /^(LICENSE|CODEOWNERS|CONTRIBUTING\.md)$|(pull|merge)_request_template/;
const prose = /\.md$|^\.(groundwork|env|editorconfig|gitignore|gitattributes)/;

describe("of files there are no more than a reader takes in:", () => {
  test("forty in any combination, eight of them prose or meta, and at most four for a licence and a team", async () => {
    const counts = { everybody: 0, prose: 0, asked: 0 };
    for (const combination of everyCombination) {
      const files = [...(await treeOfCombination(combination)).keys()];
      const everybody = files.filter((file) => !asked.test(file));
      counts.everybody = Math.max(counts.everybody, everybody.length);
      counts.prose = Math.max(counts.prose, everybody.filter((file) => prose.test(file)).length);
      counts.asked = Math.max(counts.asked, files.length - everybody.length);
    }
    expect(everyCombination.length).toBe(432);
    expect(counts).toEqual({ everybody: 40, prose: 8, asked: 4 });
  });

  test.each([
    ["rust", 5],
    ["go", 6],
    ["typescript", 5],
  ] as const)("a further resource brings a %s service %i", async (language, more) => {
    const one = await treeOf({ language, resource: "item name:text" });
    const two = await treeOf({ language, resource: "item name:text; order total:integer" });
    expect(two.size - one.size).toBe(more);
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

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);
