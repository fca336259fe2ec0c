import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { runWorkflow } from "../support/act.ts";
import { groundwork } from "../support/cli.ts";
import { complaintsOf } from "../support/outside.ts";
import { type Registry, serve } from "../support/registry.ts";

const root = path.join(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

let registry: Registry;
let store: string;
beforeAll(async () => {
  store = mkdtempSync(path.join(tmpdir(), "action-"));
  execaSync("npm", ["pack", "--ignore-scripts", "--pack-destination", store], { cwd: inject("packed") });
  const manifest = JSON.parse(readFileSync(path.join(inject("packed"), "package.json"), "utf8"));
  registry = await serve({ tarball: path.join(store, `create-groundwork-${version}.tgz`), manifest });
});
afterAll(() => {
  registry.close();
  rmSync(store, { recursive: true, force: true });
});

let folder: string;
let repository: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(store, "run-"));
  repository = path.join(folder, "repository");
  mkdirSync(repository);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execaSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: repository }).stdout;

/** Commits the workflow with what is there, pushes it to a bare `origin`, and runs it. */
async function dispatched(inputs: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>> = {}) {
  mkdirSync(path.join(repository, ".github/workflows"), { recursive: true });
  mkdirSync(path.join(repository, ".github/groundwork"));
  cpSync(path.join(root, "action.yml"), path.join(repository, ".github/groundwork/action.yml"));
  const steps = [{ uses: "actions/checkout@v5" }, { uses: "./.github/groundwork", with: inputs }];
  const workflow = { on: "workflow_dispatch", jobs: { groundwork: { "runs-on": "ubuntu-24.04", steps } } };
  writeFileSync(path.join(repository, ".github/workflows/groundwork.yml"), JSON.stringify(workflow));
  if (!existsSync(path.join(repository, ".git"))) git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "workflow");
  git("init", "--quiet", "--bare", path.join(folder, "origin"));
  git("remote", "add", "origin", path.join(folder, "origin"));
  git("push", "--quiet", "origin", "main");
  const env = { npm_config_registry: registry.url, npm_config_cache: path.join(folder, "cache"), CALLS: calls() };
  return runWorkflow(repository, env, { gh, ...programs });
}

const calls = () => path.join(folder, "calls");
const said = () => (existsSync(calls()) ? readFileSync(calls(), "utf8") : "");

/** GitHub's program, with a folder for a server. */
const gh = `
printf '%s\\n' "$*" >> "$CALLS"
case "$1 $2" in
  "repo create") git init --quiet --bare "$CALLS.created" && git -C "$6" push --quiet "$CALLS.created" main ;;
  "pr create") cat "\${10}" >> "$CALLS" ;;
esac
`;

/** An update that ends in one of the ways that it can: the action's own part is what follows. */
const npx = (script: string) => ({ npx: `printf '%s\\n' "$*" >> "$CALLS"\n${script}` });

describe("others find nothing to say", () => {
  /** What the page for platform teams shows, as files of a repository. */
  function shown(): string[] {
    const page = readFileSync(path.join(root, "docs/platform-teams.md"), "utf8");
    const blocks = [...page.matchAll(/```yaml\n(name: [\s\S]*?)```/g)].map(([, block = ""]) => block);
    mkdirSync(path.join(repository, ".github/workflows"), { recursive: true });
    execaSync("git", ["init", "--quiet"], { cwd: repository });
    return blocks.map((block, index) => {
      const file = `.github/workflows/${index}.yml`;
      writeFileSync(path.join(repository, file), block);
      return file;
    });
  }

  test("about the workflows of the page", () => {
    const files = shown();
    expect(files).toHaveLength(3);
    expect(complaintsOf("actionlint", files, repository)).toBe("");
    expect(complaintsOf("zizmor", ["--offline", "--quiet", ...files], repository)).toBe("");
    expect(
      complaintsOf("check-jsonschema", ["--builtin-schema", "vendor.github-workflows", ...files], repository),
    ).toBe("");
  });

  test("about the action", () => {
    expect(complaintsOf("zizmor", ["--offline", "--quiet", "action.yml"], root)).toBe("");
    expect(complaintsOf("check-jsonschema", ["--builtin-schema", "vendor.github-actions", "action.yml"], root)).toBe(
      "",
    );
    const script = parse(readFileSync(path.join(root, "action.yml"), "utf8")).runs.steps[0].run;
    writeFileSync(path.join(folder, "run.sh"), `#!/bin/bash -e\n${script}`);
    expect(complaintsOf("shellcheck", ["run.sh"], folder)).toBe("");
  });

  test("about the GitLab template", () => {
    const [, jobs = ""] = readFileSync(path.join(root, "ci/gitlab/template.yml"), "utf8").split(/^---\n/m);
    writeFileSync(path.join(folder, "jobs.yml"), jobs);
    const schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "jobs.yml"];
    expect(complaintsOf("check-jsonschema", schema, folder)).toBe("");
  });
});

test("the pinned version is this one", () => {
  const { inputs } = parse(readFileSync(path.join(root, "action.yml"), "utf8"));
  expect(inputs.version.default).toBe(version);
  expect(readFileSync(path.join(root, "ci/gitlab/template.yml"), "utf8")).toContain(`default: ${version}\n`);
});

test("new emits a service from an answers file, and pushes it to a repository of its own", async () => {
  writeFileSync(path.join(repository, "answers.yaml"), "name: billing\nlanguage: go\n");
  const directory = path.join(folder, "billing");
  const run = await dispatched({ command: "new", directory, repository: "acme/billing", token: "x" });
  expect(run.passed, run.said).toBe(true);
  expect(said()).toContain(`repo create acme/billing --private --source ${directory} --push`);
  expect(git("--git-dir", `${calls()}.created`, "ls-tree", "--name-only", "main")).toContain("go.mod");
});

test("an answers file with a fault makes the job red, and creates nothing", async () => {
  writeFileSync(path.join(repository, "answers.yaml"), "langage: go\n");
  const directory = path.join(folder, "billing");
  const run = await dispatched({ command: "new", directory, repository: "acme/billing", token: "x" });
  expect(run.passed).toBe(false);
  expect(run.said).toContain('"langage" is not a question');
  expect(said()).toBe("");
});

test.each([
  ["is green", "", true],
  ["is red when an owned file has been edited", "// mine\n", false],
])("check %s", async (_, edit, passed) => {
  await groundwork(folder, ["repository", "--yes", "--name", "billing", "--language", "go", "--no-git"]);
  const owned = path.join(repository, "cmd/billing/resources.go");
  writeFileSync(owned, `${readFileSync(owned, "utf8")}${edit}`);
  const run = await dispatched({ command: "check" });
  expect(run.passed, run.said).toBe(passed);
});

test.each([
  ["is green when it merges", "echo 'merged go.mod'; echo new > go.mod", true],
  ["is red when conflicts wait for a person", "echo 'conflict go.mod'; echo new > go.mod; exit 4", false],
])("update proposes what has changed, and %s", async (_, script, passed) => {
  writeFileSync(path.join(repository, "go.mod"), "old\n");
  const run = await dispatched({ command: "update", token: "x" }, npx(script));
  expect(run.passed, run.said).toBe(passed);
  expect(said()).toContain(`--yes create-groundwork@${version} update`);
  expect(said()).toContain(`pr create --base main --head groundwork/${version} --title Update to create-groundwork`);
  expect(said()).toMatch(/```text\n(merged|conflict) go\.mod\n```/);
  expect(git("--git-dir", path.join(folder, "origin"), "show", `groundwork/${version}:go.mod`)).toBe("new");
});

test.each([
  ["has nothing to say", "true", true],
  ["is refused", "echo 'The tree is not committed.'; exit 2", false],
])("update proposes nothing when it %s", async (_, script, passed) => {
  writeFileSync(path.join(repository, "go.mod"), "old\n");
  const run = await dispatched({ command: "update", token: "x" }, npx(script));
  expect(run.passed, run.said).toBe(passed);
  expect(said()).not.toContain("pr create");
});

test("a version that is no version is refused before anything is fetched", async () => {
  const run = await dispatched({ command: "check", version: "latest" });
  expect(run.passed).toBe(false);
  expect(run.said).toContain("name an exact one");
});
