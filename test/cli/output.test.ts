import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { groundwork } from "../support/cli.ts";
import { mayMount, mountDisk, unmountDisk } from "../support/disks.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const long = "s".repeat(30);
const answers = ["--yes", "--language", "go", "--name", long, "--resource", `${"r".repeat(30)} label:text`];
const emit = (...more: string[]) => groundwork(folder, ["orders", ...answers, ...more]);
const run = (command: string, ...args: string[]) => execaSync(command, args, { cwd: folder });

/** Python reads both formats, and is stricter than most. */
const UNPACK = `
import sys, tarfile, zipfile
name, folder = sys.argv[1:]
if name.endswith(".tar"):
    tarfile.open(name, "r:").extractall(folder, filter="data")
else:
    archive = zipfile.ZipFile(name)
    assert archive.testzip() is None
    archive.extractall(folder)
`;

describe.each(["tar", "zip"] as const)("%s", (format) => {
  test("holds what the folder would", async () => {
    expect((await emit("--no-git")).code).toBe(0);
    const { code, stdout, stderr } = await emit("--output", format);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain(`orders.${format}`);
    expect(readdirSync(folder).sort()).toEqual(["orders", `orders.${format}`]);
    run("python3", "-c", UNPACK, `orders.${format}`, "unpacked");
    expect(run("diff", "-r", "orders", `unpacked/${long}`).stdout).toBe("");
  });

  test("is the same to the byte each time", async () => {
    await groundwork(folder, ["one", ...answers, "--output", format]);
    await groundwork(folder, ["two", ...answers, "--output", format], { env: { TZ: "Asia/Tokyo" } });
    expect(run("cmp", `one.${format}`, `two.${format}`).exitCode).toBe(0);
  });

  test("is not written over without --force", async () => {
    writeFileSync(path.join(folder, `orders.${format}`), "mine");
    const { code, stderr } = await emit("--output", format);
    expect(code).toBe(2);
    expect(stderr).toContain("--force");
    expect(readFileSync(path.join(folder, `orders.${format}`), "utf8")).toBe("mine");
    expect((await emit("--output", format, "--force")).code).toBe(0);
    expect(readdirSync(folder)).toEqual([`orders.${format}`]);
  });

  test.runIf(mayMount(mkdtempSync(path.join(tmpdir(), "mount-"))))("leaves nothing on a full disk", async () => {
    const disk = path.join(folder, "disk");
    mountDisk(disk, "32k");
    try {
      const { code, stderr } = await groundwork(disk, ["orders", ...answers, "--output", format]);
      expect({ code, left: readdirSync(disk) }, stderr).toEqual({ code: 2, left: [] });
    } finally {
      unmountDisk(disk);
    }
  });

  test("a dry run says its size and writes nothing", async () => {
    const { stdout } = await emit("--output", format, "--dry-run");
    expect(stdout).toMatch(new RegExp(`^write .*orders\\.${format} \\(\\d+ bytes\\)$`));
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("standard output takes a tar", () => {
  const line = 'node "$PROGRAM" orders "$@" --output - | tar -x';
  const env = { PROGRAM: path.join(inject("packed"), "dist/cli.js") };
  execaSync("sh", ["-c", line, "sh", ...answers], { cwd: folder, env });
  expect(readdirSync(folder)).toEqual([long]);
});

test("a standard output that is full is no success", () => {
  const line = 'node "$PROGRAM" orders "$@" --output - >/dev/full';
  const env = { PROGRAM: path.join(inject("packed"), "dist/cli.js") };
  expect(execaSync("sh", ["-c", line, "sh", ...answers], { cwd: folder, env, reject: false }).exitCode).toBe(2);
});

test.each<[string[], string]>([
  [["--output", "rar"], "is not an option"],
  [["--output", "tar", "--no-git"], "--no-git has no effect"],
  [["--output", "-", "--force"], "--force has no effect"],
  [["--output", "-", "--json"], "both write to standard output"],
])("%j is refused", async (more, says) => {
  const { code, stderr } = await emit(...more);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder in the archive's place is left alone", async () => {
  mkdirSync(path.join(folder, "orders.tar"));
  expect((await emit("--output", "tar", "--force")).code).toBe(2);
});
