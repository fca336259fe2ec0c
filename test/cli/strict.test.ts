import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { groundwork } from "../support/cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "strict-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const thousand = Array.from({ length: 1000 }, (_, index) => `k${index}: v`).join("\n");

test.each<[string, string | Buffer, string]>([
  ["an alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nkind: *b\n", "cannot be read"],
  ["very deep nesting", "[".repeat(60_000), "cannot be read"],
  ["a tag", "kind: !!js/function 'x'", "cannot be read"],
  ["two documents", "kind: other\n---\nkind: other\n", "cannot be read"],
  ["UTF-16", Buffer.from("\ufeffkind: other\n", "utf16le"), "is not UTF-8"],
  ["no UTF-8", Buffer.from([0x6b, 0xff, 0xfe]), "is not UTF-8"],
  ["more than the limit", `description: ${"x".repeat(70_000)}`, "longer than 65536 bytes"],
  ["a thousand faults", thousand, "and 990 more."],
  ["a text alone", "hello", "not an object"],
  ["the constructor", "constructor: x", '"constructor" is not a question'],
  ["a number for a text", "name: 3", "name: takes a text"],
  ["a list for a text", "name: [a]", "name: takes a text"],
  ["an object for an option", "kind: { __proto__: { other: 1 } }", "is not an option"],
  ["two options for one", "kind: [other, crud_api]", "takes one option"],
  ["control characters", '{"description": "a\\u0000b"}', "printable"],
  ["text that reads backwards", '{"description": "a\\u202eb"}', "printable"],
  ["two lines", '{"description": "a\\u2028b"}', "printable"],
  ["half a character", '{"description": "a\\ud800b"}', "printable"],
  ["a resource without end", `resource: ${"x".repeat(20_000)}`, "resource: takes one line of up to"],
])("answers with %s are refused in a few lines", async (_what, input, says) => {
  const file = path.join(folder, "answers");
  writeFileSync(file, input);
  const { code, stdout, stderr } = await groundwork(folder, ["a", "--yes", "--answers", file]);
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
  expect(stderr.length).toBeLessThan(2500);
  expect(readdirSync(folder)).toEqual(["answers"]);
});

test("a byte-order mark is no part of the answers", async () => {
  writeFileSync(path.join(folder, "answers"), "\ufeffdescription: Orders\n");
  expect((await groundwork(folder, ["a", "--dry-run", "--answers", "answers"])).code).toBe(0);
});

test.each([["/dev/zero"], ["."]])("an answers file that is none ends: %s", async (name) => {
  const { code } = await groundwork(folder, ["a", "--yes", "--answers", name]);
  expect(code).toBe(2);
});

test("what was given cannot command the terminal that shows it", async () => {
  const { stderr } = await groundwork(folder, ["\u001b[2J\u009b31m", "--yes"]);
  expect(stderr).toContain("\\u001b[2J\\u009b31m");
});

describe("names", () => {
  test.each([
    ["a keyword", "match"],
    ["a folder of Cargo's", "build"],
    ["a module of Node's", "events"],
    ["a device of Windows", "aux"],
  ])("%s is refused whatever the language, with another that works", async (_what, name) => {
    const refused = await groundwork(folder, ["a", "--yes", "--name", name]);
    expect(refused.code).toBe(2);
    const suggestion = /"([a-z-]+)"\.\n$/.exec(`${refused.stderr}\n`)?.[1] ?? "";
    expect(suggestion).toBe(`${name}-service`);
    expect((await groundwork(folder, ["a", "--dry-run", "--name", suggestion])).code).toBe(0);
  });

  test.each(["log", "futures-core", "serde_json".replace("_", "-")])("a package of the lockfile: %s", async (name) => {
    const { code, stderr } = await groundwork(folder, ["a", "--yes", "--name", name, "--language", "rust"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`"${name}-service"`);
    expect((await groundwork(folder, ["a", "--dry-run", "--name", name, "--language", "go"])).code).toBe(0);
  });
});

describe("without an ordinary output", () => {
  const run = (command: string) =>
    execaSync("sh", ["-c", command], {
      cwd: folder,
      env: { PROGRAM: path.join(inject("packed"), "dist/cli.js") },
      reject: false,
    });

  test("a full one is no success", () => {
    const { exitCode, stderr } = run('node "$PROGRAM" schema >/dev/full');
    expect(exitCode).toBe(2);
    expect(stderr).toContain("The output cannot be written (ENOSPC).");
  });

  test("a reader that goes away ends it without a word", () => {
    const { stderr } = run('(node "$PROGRAM" schema; echo "code $?" >&2) | true');
    expect(stderr).toMatch(/^code (141|0)$/);
  });

  test("a closed standard input is one without a terminal", () => {
    expect(run('node "$PROGRAM" orders --no-git <&-').exitCode).toBe(0);
  });
});

test("a fault of ours is JSON too when JSON is asked for, and keeps its stack", async () => {
  // The program finds no current folder when that has been removed.
  const gone = mkdtempSync(path.join(tmpdir(), "gone-"));
  const { exitCode, stderr } = execaSync("sh", ["-c", 'rmdir "$PWD" && node "$PROGRAM" orders --yes --json'], {
    cwd: gone,
    env: { PROGRAM: path.join(inject("packed"), "dist/cli.js") },
    reject: false,
  });
  expect([1, 2]).toContain(exitCode);
  expect(Object.keys(JSON.parse(stderr))).toEqual(["problem", "hint"]);
});
