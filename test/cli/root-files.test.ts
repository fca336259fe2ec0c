import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { perform } from "../../src/edges/perform.ts";
import type { Edit } from "../../src/model/workspace.ts";
import { groundwork } from "../support/cli.ts";
import { endedWhile, signalCodes, signals } from "../support/interruption.ts";

const list = "go 1.27.0\n\n// ours\nuse ./a\n";

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "root-files-"));
  folder = path.join(base, "work");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "go.work"), list);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const everything = () => readdirSync(folder, { recursive: true }).map(String).sort();
const text = () => readFileSync(path.join(folder, "go.work"), "utf8");

test.each(signals)("%s while the service is made leaves the root's file as it was", async (signal) => {
  const ended = await endedWhile(base, "rev-parse", signal, true);
  expect(ended).toEqual({ code: signalCodes[signal], said: "", left: ["go.work"], running: false });
  expect(text()).toBe(list);
});

const edit: Edit = { path: "../../go.work", before: list, after: `${list}use ./services/billing\n`, why: "list it" };
const workflow: Edit = { path: "../../.github/workflows/billing.yml", after: "name: billing\n", why: "a workflow" };
const tree = new Map([["README.md", { content: "# billing\n", executable: false, policy: "merged" }]] as const);
const steps = [{ kind: "write", path: "README.md", bytes: 10 }] as const;
const target = () => path.join(folder, "services/billing");
const performed = (force = false) => perform(steps, tree, target(), force, [edit, workflow]);

test("all of it is done, and nothing that it was staged in is left", async () => {
  await performed();
  expect(text()).toBe(edit.after);
  expect(everything()).toEqual([
    ".github",
    ".github/workflows",
    ".github/workflows/billing.yml",
    "go.work",
    "services",
    "services/billing",
    "services/billing/README.md",
  ]);
});

test("when the service's folder cannot come into place, what is outside is as it was", async () => {
  // A folder where a file has to go: it is found at the very end, when the files outside are in place.
  mkdirSync(path.join(target(), "README.md"), { recursive: true });
  const before = everything();
  await expect(performed(true)).rejects.toThrow("a file has to go there");
  expect(everything()).toEqual(before);
  expect(text()).toBe(list);
});

test.each<[string, () => void]>([
  ["the root's file is changed by something else", () => writeFileSync(path.join(folder, "go.work"), "go 1.28.0\n")],
  [
    "a workflow of that name has come",
    () => {
      mkdirSync(path.join(folder, ".github/workflows"), { recursive: true });
      writeFileSync(path.join(folder, ".github/workflows/billing.yml"), "mine\n");
    },
  ],
])("when %s meanwhile, nothing is done", async (_what, meddle) => {
  meddle();
  const [before, was] = [everything(), text()];
  await expect(performed()).rejects.toThrow("changed by something else meanwhile");
  expect([everything(), text()]).toEqual([before, was]);
});

test("in a repository, a later change that cannot be written leaves the workflow as it was", async () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], { cwd: folder });
  git("init", "--quiet");
  const { code, stderr } = await groundwork(folder, [
    "services/billing",
    "--yes",
    "--language",
    "go",
    "--ci",
    "github",
  ]);
  expect(code, stderr).toBe(0);
  const file = path.join(folder, ".github/workflows/billing.yml");
  const written = readFileSync(file, "utf8");
  mkdirSync(path.join(target(), "compose.yaml"));
  const refused = await groundwork(target(), ["change", "database=postgres", "--force"]);
  expect(refused.code, refused.stderr).toBe(2);
  expect(readFileSync(file, "utf8")).toBe(written);
  expect(readdirSync(path.dirname(file))).toEqual(["billing.yml"]);
});
