import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { groundwork } from "../support/cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "new-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), "utf8");
const languages = ["rust", "go", "typescript"] as const;

describe.each(languages)("%s", (language) => {
  test("a repository is emitted, committed and clean", async () => {
    const { code, stdout, stderr } = await groundwork(folder, [
      "orders",
      "--yes",
      "--language",
      language,
      "--resource",
      "order total:money",
    ]);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("cd orders");
    const git = (...args: string[]) => execaSync("git", args, { cwd: path.join(folder, "orders") }).stdout;
    expect(git("status", "--porcelain")).toBe("");
    expect(git("log", "--format=%s")).toBe("Start from groundwork");
    expect(readdirSync(folder)).toEqual(["orders"]);
  });

  test("a dry run lists what the real run does, and does nothing", async () => {
    const args = ["orders", "--yes", "--language", language, "--json"];
    const dry = JSON.parse((await groundwork(folder, [...args, "--dry-run"])).stdout);
    expect(readdirSync(folder)).toEqual([]);
    const real = JSON.parse((await groundwork(folder, args)).stdout);
    expect(dry.steps).toEqual(real.steps);
    const written = real.steps.flatMap((step: { kind: string; path: string }) =>
      step.kind === "write" ? [step.path] : [],
    );
    const found = readdirSync(path.join(folder, "orders"), { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(path.join(folder, "orders"), path.join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith(".git/"));
    expect(found.sort()).toEqual(written.sort());
  });

  test("the printed command emits the same again", async () => {
    const first = await groundwork(folder, [
      "first",
      "--yes",
      "--no-git",
      "--language",
      language,
      "--name",
      "orders",
      "--description",
      "It's 5 * 3 $HOME",
    ]);
    const command = first.stderr.trim().split("\n").at(-1)?.trim() ?? "";
    const words = execaSync("sh", ["-c", `printf '%s\\n' ${command}`])
      .stdout.split("\n")
      .slice(2);
    expect(words[0]).toBe("first");
    expect((await groundwork(folder, ["second", ...words.slice(1)])).code).toBe(0);
    expect(execaSync("diff", ["-r", "first", "second"], { cwd: folder, reject: false }).stdout).toBe("");
  });
});

test("answers come from JSON, YAML and standard input alike, and a flag beats them", async () => {
  writeFileSync(
    path.join(folder, "a.json"),
    JSON.stringify({ language: "go", name: "orders", stakes: ["money"], resource: "order total:money" }),
  );
  const yaml = "language: go\nname: orders\nstakes: [money]\nresource: order total:money\n";
  writeFileSync(path.join(folder, "a.yaml"), yaml);
  const emitted = await Promise.all([
    groundwork(folder, ["one", "--yes", "--no-git", "--answers", "a.json"]),
    groundwork(folder, ["two", "--yes", "--no-git", "--answers", "a.yaml"]),
    groundwork(folder, ["three", "--yes", "--no-git", "--answers", "-"], { input: yaml }),
    groundwork(folder, ["four", "--yes", "--no-git", "--answers", "a.yaml", "--language", "typescript"]),
  ]);
  expect(emitted.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(read("two", ".groundwork.json")).toBe(read("one", ".groundwork.json"));
  expect(read("three", ".groundwork.json")).toBe(read("one", ".groundwork.json"));
  expect(JSON.parse(read("four", ".groundwork.json")).language).toBe("typescript");
});

test("what the answers ask for and is not built yet is said, at the end and in the README", async () => {
  const { stderr } = await groundwork(folder, ["ledger", "--yes", "--no-git", "--language", "go", "--stakes", "money"]);
  expect(stderr).toContain("Not built yet, though your answers ask for it: a double-entry ledger.");
  expect(read("ledger", "README.md")).toContain("- a double-entry ledger");
});

test.each([
  ["postgres", true],
  ["sqlite", false],
])("what to run next starts the server that %s needs, in the words of the README", async (database, needed) => {
  const { stderr } = await groundwork(folder, ["orders", "--yes", "--database", database]);
  const next = stderr.slice(stderr.indexOf("Next:"), stderr.indexOf("The same again:"));
  const lines = next.split("\n").map((line) => line.trim());
  const server = lines.filter((line) => /^docker|^export/.test(line));
  expect(server.length).toBe(needed ? 2 : 0);
  expect(read("orders", "README.md").split("\n")).toEqual(expect.arrayContaining(server));
});

test("without a terminal nothing is asked and nothing hangs", async () => {
  const { code } = await groundwork(folder, ["orders", "--no-git"]);
  expect(code).toBe(0);
});

test("inside a repository no other is started", async () => {
  execaSync("git", ["init", "--quiet"], { cwd: folder });
  const { code, stderr } = await groundwork(folder, ["orders", "--yes", "--language", "go"]);
  expect(code).toBe(0);
  expect(stderr).toContain("inside a repository");
  expect(existsSync(path.join(folder, "orders", ".git"))).toBe(false);
});

test("an empty folder keeps its place, and . names it", async () => {
  mkdirSync(path.join(folder, "my-orders"));
  const { code } = await groundwork(path.join(folder, "my-orders"), [".", "--yes", "--language", "go"]);
  expect(code).toBe(0);
  expect(JSON.parse(read("my-orders", ".groundwork.json")).commands.start).toContain("my-orders");
});

describe("bad input exits with 2, says what to do instead and writes nothing", () => {
  const long = "x".repeat(40);
  test.each<[string, string[], string]>([
    ["an unknown flag", ["a", "--languag", "go"], "Did you mean --language?"],
    ["an unknown value", ["a", "--language", "rusty"], 'Did you mean "rust"?'],
    ["an unknown option", ["a", "--stakes", "money,mony"], 'Did you mean "money"?'],
    ["a flag without its value", ["a", "--language"], "--language has no value"],
    ["a switch with a value", ["a", "--yes=no"], "--yes takes no value"],
    ["a flag given twice", ["a", "--name", "b", "--name", "c"], "--name is given twice"],
    ["a surplus word", ["a", "rust"], "Put -- before the flags"],
    ["no folder", [], "There is no folder"],
    ["a bad name", ["My App!!"], '"my-app"'],
    ["a name that is too long", [long], "up to 30"],
    ["a reserved name", ["con"], "Choose another"],
    ["a traversing name", ["a", "--name", "../b"], "Use up to 30"],
    ["a bad resource", ["a", "--resource", "item name:txt"], 'Did you mean "text"?'],
    ["a reserved field", ["a", "--resource", "item id:uuid"], "made by the service itself"],
    ["a reserved resource", ["a", "--resource", "livez name:text"], "reserved"],
    ["a table of SQLite's own", ["a", "--resource", "sqlite_note name:text"], "SQLite keeps names"],
    ["a repeated field", ["a", "--resource", "item a:text a:text"], "given twice"],
    ["colliding columns", ["a", "--resource", "item a:money a_currency:text"], "a_currency"],
    ["colliding identifiers", ["a", "--resource", "item a_b:text a__b:text"], "in code"],
    ["a missing answers file", ["a", "--answers", "none.yaml"], "cannot be read"],
    ["a Go module for another language", ["a", "--module", "example.com/x", "--language", "rust"], "--module"],
    ["a Go module that is no path", ["a", "--module", "no spaces", "--language", "go"], "Go module path"],
    ["an unknown forge", ["a", "--ci", "githab"], 'Did you mean "github"?'],
    ["an owner of nothing", ["a", "--owner", "@acme/backend"], "--owner has no effect"],
    ["an owner whom no forge can ask", ["a", "--team", "many", "--owner", "Acme Ltd"], "ask for a review"],
    ["an owner that is no name", ["a", "--license", "mit", "--owner", "<b>"], "no name of an owner"],
  ])("%s", async (_what, args, says) => {
    const { code, stdout, stderr } = await groundwork(folder, [
      ...args,
      ...(args.includes("--yes=no") ? [] : ["--yes"]),
    ]);
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a folder that is not empty", async () => {
    mkdirSync(path.join(folder, "full"));
    writeFileSync(path.join(folder, "full", "mine.txt"), "mine");
    const { code, stderr } = await groundwork(folder, ["full", "--yes"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--force");
    expect(readdirSync(path.join(folder, "full"))).toEqual(["mine.txt"]);
  });

  test.each<[string, string, string]>([
    ["an unknown key", "kynd: crud_api", 'Did you mean "kind"?'],
    ["a wrong type", "kind: 3", "kind: 3 is not an option"],
    ["a repeated key", "kind: other\nkind: other", "cannot be read"],
    ["no object", "- kind", "not an object"],
    ["no YAML", "{", "cannot be read"],
    ["a prototype key", '{"__proto__": {"kind": "other"}}', '"__proto__" is not a question'],
    ["nothing", "", "empty"],
  ])("answers with %s", async (_what, input, says) => {
    const { code, stderr } = await groundwork(folder, ["a", "--yes", "--answers", "-"], { input });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(says);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("all faults of one answers file at once, as JSON when asked", async () => {
    const { code, stderr } = await groundwork(folder, ["a", "--yes", "--json", "--answers", "-"], {
      input: "kynd: x\nload: y\n",
    });
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      problem: expect.stringMatching(/"kynd"(.|\n)*load:/),
      hint: expect.stringContaining("schema"),
    });
  });

  test.each([
    ["--language", { npm_config_language: "rust" }],
    ["--no-git", { npm_config_git: "false" }],
  ])("%s that npm kept to itself", async (flag, env) => {
    const { code, stderr } = await groundwork(folder, ["a", "--yes"], { env });
    expect(code).toBe(2);
    expect(stderr).toContain(`npm kept ${flag} to itself.\nPut -- before the flags`);
  });
});
