import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { combinations, treeOfCombination } from "../support/combinations.ts";
import { writeTree } from "../support/emit.ts";
import { complaintsOf } from "../support/outside.ts";
import { scriptsOf } from "../support/pipelines.ts";

let root: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "outside-"));
  for (const [index, combination] of combinations.entries()) {
    writeTree(await treeOfCombination(combination), path.join(root, String(index)));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const found = (pattern: RegExp) => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => pattern.test(file));
  expect(files.length, String(pattern)).toBeGreaterThan(0);
  return files;
};
const workflows = () => found(/\.github\/workflows\/[^/]+\.yml$/);

test("actionlint, with shellcheck behind it, finds nothing in a workflow", () => {
  expect(complaintsOf("actionlint", workflows(), root)).toBe("");
});

test("hadolint finds nothing in an image", () => {
  expect(complaintsOf("hadolint", found(/Dockerfile$/), root)).toBe("");
});

test("zizmor finds nothing in what GitHub runs", () => {
  expect(complaintsOf("zizmor", ["--offline", "--quiet", "."], root)).toBe("");
});

test.each([
  ["workflows", "github-workflows", /\.github\/workflows\/[^/]+\.yml$/],
  ["dependabot.yml", "dependabot", /dependabot\.yml$/],
  [".gitlab-ci.yml", "gitlab-ci", /\.gitlab-ci\.yml$/],
  ["renovate.json", "renovate", /renovate\.json$/],
  ["compose.yaml", "compose-spec", /compose\.yaml$/],
])("%s are what their schema says", (_what, schema, pattern) => {
  expect(complaintsOf("check-jsonschema", ["--builtin-schema", `vendor.${schema}`, ...found(pattern)], root)).toBe("");
});

test("shellcheck finds nothing in a job of GitLab's", () => {
  const services = { postgres: new URL("postgres://postgres:5432") };
  const scripts = found(/\.gitlab-ci\.yml$/)
    .flatMap((file) => scriptsOf("gitlab", readFileSync(path.join(root, file), "utf8"), "/builds/billing", services))
    .map(({ lines }) => lines);
  mkdirSync(path.join(root, "scripts"));
  const files = [...new Set(scripts)].map((script, index) => {
    const file = path.join("scripts", `${index}.sh`);
    writeFileSync(path.join(root, file), `#!/bin/sh\nset -e\n${script}\n`);
    return file;
  });
  expect(complaintsOf("shellcheck", files, root)).toBe("");
});
