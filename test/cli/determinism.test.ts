import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { groundwork, type RunOptions } from "../support/cli.ts";
import { everyType, languages } from "../support/emit.ts";
import { nodeOf } from "../support/toolchains.ts";

let base: string;
beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), "determinism-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const answers = ["--yes", "--no-git", "--name", "istanbul", "--description", "İIıi ß Ω", "--resource", everyType];

async function emitted(language: string, folder: string, options: RunOptions = {}): Promise<string> {
  mkdirSync(path.join(base, path.dirname(folder)), { recursive: true });
  const { code, stderr } = await groundwork(
    path.join(base, path.dirname(folder)),
    [path.basename(folder), ...answers, "--language", language],
    options,
  );
  expect(code, stderr).toBe(0);
  return hashOf(path.join(base, folder));
}

/** Of the paths, what they hold, and which of them can be run. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const status = statSync(path.join(folder, file));
    hash.update(`${file}\0${status.isFile() ? status.mode & 0o100 : ""}\0`);
    if (status.isFile()) hash.update(readFileSync(path.join(folder, file)));
  }
  return hash.digest("hex");
}

describe.each(languages)("%s is the same to the byte", (language) => {
  let usual: string;
  beforeAll(async () => {
    usual = await emitted(language, `${language}/usual`);
  });

  test.each<[string, RunOptions]>([
    ["far east, in Turkish", { env: { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" } }],
    ["far west, in C", { env: { TZ: "Etc/GMT+12", LANG: "C", LC_ALL: "C", HOME: "/nowhere" } }],
    ["on Node 22", { node: nodeOf(22) }],
    ["on Node 24", { node: nodeOf(24) }],
  ])("%s", async (what, options) => {
    expect(await emitted(language, `${language}/${what}`, options)).toBe(usual);
  });

  test("in another folder, under another umask", () => {
    const folder = path.join(base, language, "Bücher und mehr");
    mkdirSync(folder);
    const line = 'umask 077 && exec node "$PROGRAM" "$@"';
    const { exitCode } = execaSync("sh", ["-c", line, "sh", "other", ...answers, "--language", language], {
      cwd: folder,
      env: { PROGRAM: path.join(inject("packed"), "dist/cli.js") },
    });
    expect(exitCode).toBe(0);
    expect(statSync(path.join(folder, "other/README.md")).mode & 0o777).toBe(0o600);
    expect(hashOf(path.join(folder, "other"))).toBe(usual);
  });
});

test("a Node that is too old gets one sentence, and nothing is loaded", async () => {
  const { code, stdout, stderr } = await groundwork(base, ["orders", "--yes"], { node: nodeOf(18) });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^create-groundwork needs Node 20\.19 or newer, and this is Node 18\.[\d.]+\.$/);
});

test("the limit is the one that the package declares", () => {
  const { engines } = JSON.parse(readFileSync(path.join(inject("packed"), "package.json"), "utf8"));
  const first = readFileSync(path.join(inject("packed"), "dist/cli.js"), "utf8");
  const [, major, minor] = /needed = \[(\d+), (\d+)\]/.exec(first) ?? [];
  expect(engines.node).toBe(`>=${major}.${minor}`);
});
