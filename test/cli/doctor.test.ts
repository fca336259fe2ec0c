import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAtLeast } from "../../src/compose/toolchains.ts";
import { groundwork } from "../support/cli.ts";

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(path.join(tmpdir(), "doctor-"));
  symlinkSync("/bin/sh", path.join(bin, "sh"));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** A PATH on which there are these tools only, each of which prints a line. */
function tools(lines: Readonly<Record<string, string>>) {
  for (const [name, line] of Object.entries(lines)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\necho '${line}'\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return { env: { PATH: bin, GOTOOLCHAIN: "" }, node: process.execPath };
}

const git = "git version 2.39.5";

test("what is found, too old and missing is told apart, with how to get each", async () => {
  const here = tools({ git, rustc: "rustc 1.70.0 (abc)", cargo: "cargo 1.95.0", node: "v24.1.0" });
  const { code, stdout } = await groundwork(bin, ["doctor"], here);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^git +all +2\.28 or newer +2\.39\.5$/m);
  expect(stdout).toMatch(/^Rust .*too old: 1\.70\.0 +get it: rustup\.rs/m);
  expect(stdout).toMatch(/^Go .*missing +get it: go\.dev/m);
  expect(stdout).toMatch(/^Node .*24\.1\.0$/m);
});

test.each([
  ["go", { git, go: "go version go1.27.0 linux/amd64" }, 0],
  ["go", { git, go: "go version go1.20 linux/amd64" }, 2],
  ["typescript", { git, node: "v24.0.0" }, 0],
  ["typescript", { git }, 2],
] as const)("for %s with %j it exits with %i", async (language, lines, exit) => {
  const { code, stderr } = await groundwork(bin, ["doctor", "--language", language], tools(lines));
  expect(code, stderr).toBe(exit);
});

test.each([
  ["", 0],
  ["auto", 0],
  ["local+auto", 0],
  ["local", 2],
  ["go1.26.8", 2],
])("a Go that could fetch the one that is needed will do: GOTOOLCHAIN=%s exits with %i", async (setting, exit) => {
  const here = tools({ git, go: "go version go1.26.8 linux/amd64" });
  const env = { ...here.env, GOTOOLCHAIN: setting };
  const { code, stdout } = await groundwork(bin, ["doctor", "--language", "go"], { ...here, env });
  expect(code, stdout).toBe(exit);
  expect(stdout).toContain(exit === 0 ? "1.21 or newer" : "too old: 1.26.8");
});

test("where the files of the go command forbid it to fetch, its own version counts", async () => {
  const here = tools({ git });
  const said = `case "$1" in env) echo ${bin}/env; echo ${bin} ;; *) echo go version go1.26.8 ;; esac`;
  writeFileSync(path.join(bin, "go"), `#!/bin/sh\n${said}\n`, { mode: 0o755 });
  writeFileSync(path.join(bin, "go.env"), "GOPROXY=off\nGOTOOLCHAIN=local\n");
  expect((await groundwork(bin, ["doctor", "--language", "go"], here)).code).toBe(2);
  writeFileSync(path.join(bin, "env"), "GOTOOLCHAIN=auto\n");
  expect((await groundwork(bin, ["doctor", "--language", "go"], here)).code).toBe(0);
});

test("JSON is for programs", async () => {
  const { stdout } = await groundwork(bin, ["doctor", "--json", "--language", "go"], tools({ git }));
  expect(JSON.parse(stdout)).toMatchObject([
    { name: "git", state: "found", version: "2.39.5" },
    { name: "Go", state: "missing", version: null, get: expect.stringContaining("go.dev") },
  ]);
});

test("an unknown language is refused", async () => {
  const { code, stderr } = await groundwork(bin, ["doctor", "--language", "perl"], tools({ git }));
  expect(code).toBe(2);
  expect(stderr).toContain("rust, go, typescript");
});

test.each([
  ["1.95.0", "1.95.0", true],
  ["1.100", "1.95.0", true],
  ["24.0.0", "24", true],
  ["1.9", "1.21", false],
  ["2", "2.28", false],
])("%s is at least %s: %s", (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
