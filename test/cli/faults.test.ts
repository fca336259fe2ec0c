import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { groundwork } from "../support/cli.ts";
import { isRoot, makeReadOnly, mayMount, mountDisk, unmountDisk } from "../support/disks.ts";
import { pathWithGit } from "../support/git.ts";

/** Number of the user that owns nothing. */
const nobody = 65534;

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "faults-"));
  chmodSync(base, 0o755);
  folder = path.join(base, "work");
  mkdirSync(folder);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const emit = (target: string, ...more: string[]) => groundwork(folder, [target, "--yes", "--name", "orders", ...more]);
const languageIn = (...parts: string[]) =>
  JSON.parse(readFileSync(path.join(folder, ...parts, ".groundwork.json"), "utf8")).language;

describe("a disk that does not take it is said in two lines, and nothing is left", () => {
  const canMount = mayMount(mkdtempSync(path.join(tmpdir(), "mount-")));

  describe.runIf(canMount)("of its own", () => {
    const disk = () => path.join(folder, "disk");
    beforeEach(() => mountDisk(disk(), "2m"));
    afterEach(() => unmountDisk(disk()));

    test.each([["16k"], ["64k"], ["200k"]])("full at %s", async (size) => {
      execaSync("mount", ["-o", `remount,size=${size}`, disk()]);
      const { code, stderr } = await emit("disk/orders");
      expect({ code, left: readdirSync(disk()) }, stderr).toEqual({ code: 2, left: [] });
      expect(stderr).toMatch(/no space left/i);
      expect(stderr).not.toMatch(/fault of create-groundwork|\n\s+at /);
    });

    test("read-only", async () => {
      makeReadOnly(disk());
      const { code, stderr } = await emit("disk/orders");
      expect({ code, left: readdirSync(disk()) }, stderr).toEqual({ code: 2, left: [] });
      expect(stderr).toContain("read-only");
    });

    test("which is the target itself", async () => {
      const { code, stderr } = await emit("disk", "--no-git");
      expect(code, stderr).toBe(0);
      expect(readdirSync(disk())).toContain("README.md");
    });
  });

  test("with a folder of somebody else's", async () => {
    if (!isRoot) chmodSync(folder, 0o555);
    const { code, stderr } = await groundwork(folder, ["orders", "--yes"], isRoot ? { user: nobody } : {});
    expect({ code, left: readdirSync(folder) }, stderr).toEqual({ code: 2, left: [] });
    expect(stderr).toContain("no permission");
  });

  test.each<[string, () => string, string]>([
    ["a path that is too long", () => path.join("d".repeat(250), "e".repeat(256)), "too long"],
    ["a path below a file", () => "file/orders", "is a file"],
    ["a file in its place", () => "file", "is a file"],
    ["a link to nothing", () => "nowhere", "is a link to nothing"],
    ["links in a circle", () => "circle/orders", "round in a circle"],
  ])("%s", async (_what, target, says) => {
    writeFileSync(path.join(folder, "file"), "mine");
    symlinkSync("gone", path.join(folder, "nowhere"));
    symlinkSync("circle", path.join(folder, "circle"));
    const { code, stderr } = await emit(target());
    expect({ code, left: readdirSync(folder) }, stderr).toEqual({ code: 2, left: ["circle", "file", "nowhere"] });
    expect(stderr).toContain(says);
  });
});

describe("two at once", () => {
  test("a target that appears meanwhile is not touched", async () => {
    const PATH = pathWithGit(base, "commit", `mkdir ${folder}/orders; echo mine >${folder}/orders/mine`);
    const { code, stderr } = await groundwork(folder, ["orders", "--yes"], { env: { PATH } });
    expect({ code, left: readdirSync(folder, { recursive: true }) }, stderr).toEqual({
      code: 2,
      left: ["orders", "orders/mine"],
    });
    expect(stderr).toContain("meanwhile");
  });

  test("an empty folder that is filled meanwhile is not touched", async () => {
    mkdirSync(path.join(folder, "orders"));
    const PATH = pathWithGit(base, "commit", `echo mine >${folder}/orders/README.md`);
    const { code, stderr } = await groundwork(folder, ["orders", "--yes"], { env: { PATH } });
    expect({ code, left: readdirSync(folder, { recursive: true }) }, stderr).toEqual({
      code: 2,
      left: ["orders", "orders/README.md"],
    });
    expect(readFileSync(path.join(folder, "orders/README.md"), "utf8")).toBe("mine\n");
  });

  test.each([
    ["a new folder", false],
    ["an empty folder", true],
  ])("one of two runs wins %s, and the other says so", async (_what, exists) => {
    if (exists) mkdirSync(path.join(folder, "orders"));
    const runs = await Promise.all([emit("orders", "--language", "go"), emit("orders", "--language", "rust")]);
    const codes = runs.map(({ code }) => code);
    expect([...codes].sort(), runs.map(({ stderr }) => stderr).join("\n")).toEqual([0, 2]);
    expect(runs[codes.indexOf(2)]?.stderr).toMatch(/meanwhile|not empty|Another run/);
    expect(languageIn("orders")).toBe(codes[0] === 0 ? "go" : "rust");
    expect(readdirSync(path.join(folder, "orders")).filter((name) => name.includes("groundwork"))).toEqual([
      ".groundwork.json",
    ]);
    expect(readdirSync(folder)).toEqual(["orders"]);
  });
});

describe("--force", () => {
  const full = () => path.join(folder, "full");
  beforeEach(() => {
    mkdirSync(path.join(full(), "docs/decisions"), { recursive: true });
    writeFileSync(path.join(full(), "docs/mine.md"), "mine");
    writeFileSync(path.join(full(), "README.md"), "mine");
  });

  test("writes over what has the same name and keeps the rest", async () => {
    expect((await emit("full", "--force", "--no-git")).code).toBe(0);
    expect(readFileSync(path.join(full(), "docs/mine.md"), "utf8")).toBe("mine");
    expect(readFileSync(path.join(full(), "README.md"), "utf8")).not.toBe("mine");
    expect(existsSync(path.join(full(), "docs/decisions/0001-language.md"))).toBe(true);
  });

  test.each<[string, () => void]>([
    ["a folder where a file has to go", () => mkdirSync(path.join(full(), "openapi.json"))],
    ["a file where a folder has to go", () => writeFileSync(path.join(full(), "cmd"), "mine")],
    [
      "a link out of the target",
      () => symlinkSync(mkdtempSync(path.join(base, "out-")), path.join(full(), "internal")),
    ],
  ])("refuses %s, and all is as it was", async (_what, make) => {
    make();
    const before = readdirSync(full(), { recursive: true }).sort();
    const { code, stderr } = await emit("full", "--force", "--language", "go");
    expect(code, stderr).toBe(2);
    expect(stderr).toContain("has to go there");
    expect(readdirSync(full(), { recursive: true }).sort()).toEqual(before);
    expect(readFileSync(path.join(full(), "README.md"), "utf8")).toBe("mine");
  });
});

describe("any folder will do:", () => {
  test.each([
    ["with spaces", "my new orders"],
    ["with Unicode", "Bestellungen für Zoë 注文 🧾"],
    ["with quotes and dollars", `it's "$HOME" \`x\``],
    ["several that do not exist", "a/b/c/orders"],
    ["with a long name", "n".repeat(255)],
  ])("%s", async (_what, target) => {
    const { code, stderr } = await emit(target);
    expect(code, stderr).toBe(0);
    expect(execaSync("git", ["status", "--porcelain"], { cwd: path.join(folder, target) }).stdout).toBe("");
  });

  test("an absolute one", async () => {
    expect((await emit(path.join(folder, "orders"))).code).toBe(0);
    expect(readdirSync(folder)).toEqual(["orders"]);
  });

  test("a link to an empty folder", async () => {
    mkdirSync(path.join(folder, "real"));
    symlinkSync("real", path.join(folder, "orders"));
    expect((await emit("orders")).code).toBe(0);
    expect(readdirSync(path.join(folder, "real"))).toContain("README.md");
  });

  test("one with nothing but a repository", async () => {
    mkdirSync(path.join(folder, "orders"));
    execaSync("git", ["init", "--quiet"], { cwd: path.join(folder, "orders") });
    const { code, stderr } = await emit("orders");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("inside a repository");
  });

  test("one whose path is as long as the system takes", async () => {
    const room = 4095 - path.join(folder, "x").length;
    const deep = Array.from({ length: Math.floor((room - 250) / 100) }, () => "d".repeat(99)).join("/");
    const outcomes = await Promise.all([0, 100, 200].map((more) => emit(path.join(deep, "e".repeat(1 + more)))));
    for (const { code, stderr } of outcomes) {
      expect([0, 2]).toContain(code);
      if (code === 2) expect(stderr).toContain("too long");
    }
  });
});

describe("what a killed run left", () => {
  const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  const dead = 2 ** 22 + 1;
  const leftover = (owner: string, pid: number) => `.groundwork-${owner}-${pid}-0123abcd`;

  test.each([
    ["beside a new target", ""],
    ["inside an empty one", "orders"],
  ])("is removed by the next, %s", async (_what, place) => {
    mkdirSync(path.join(folder, place, leftover(host, dead), "tree"), { recursive: true });
    const { code, stderr } = await emit("orders");
    expect(code, stderr).toBe(0);
    expect(readdirSync(path.join(folder, place)).filter((name) => name.startsWith(".groundwork-"))).toEqual([]);
  });

  test("is told from the work of a run that still is, here or on another host", async () => {
    const others = [leftover(host, process.pid), leftover("00000000", dead)].sort();
    for (const name of others) mkdirSync(path.join(folder, name));
    expect((await emit("orders")).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([...others, "orders"]);
  });

  test("does not lock a folder for ever", async () => {
    mkdirSync(path.join(folder, "orders"));
    writeFileSync(path.join(folder, "orders/.groundwork-lock"), leftover(host, dead));
    expect((await emit("orders")).code).toBe(0);
    expect(existsSync(path.join(folder, "orders/.groundwork-lock"))).toBe(false);
  });
});

test("git works on the new repository, whatever the variables of an outer one say", async () => {
  const env = {
    GIT_DIR: path.join(folder, "outer"),
    GIT_INDEX_FILE: path.join(folder, "index"),
    GIT_WORK_TREE: folder,
  };
  const { code, stderr } = await groundwork(folder, ["orders", "--yes"], { env });
  expect(code, stderr).toBe(0);
  expect(readdirSync(folder)).toEqual(["orders"]);
  expect(execaSync("git", ["status", "--porcelain"], { cwd: path.join(folder, "orders") }).stdout).toBe("");
});

test("a git that fails is said, and nothing is left", async () => {
  const PATH = pathWithGit(base, "commit", "echo 'fatal: no' >&2; exit 128");
  const { code, stderr } = await groundwork(folder, ["orders", "--yes"], { env: { PATH } });
  expect({ code, left: readdirSync(folder) }).toEqual({ code: 2, left: [] });
  expect(stderr).toContain("fatal: no\nMend that, or add --no-git.");
});
