import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Registry, serve } from "../support/registry.ts";

const root = path.join(import.meta.dirname, "../..");
const managers = path.join(root, ".cache/toolchains/managers/node_modules/.bin");

let registry: Registry;
let store: string;
beforeAll(async () => {
  if (!existsSync(managers)) {
    throw new Error(
      "pnpm, yarn and bun are missing. To get them: npm install --no-save --prefix .cache/toolchains/managers pnpm@10 yarn@1 bun@1",
    );
  }
  store = mkdtempSync(path.join(tmpdir(), "create-"));
  execaSync("npm", ["pack", "--ignore-scripts", "--pack-destination", store], { cwd: inject("packed") });
  const manifest = JSON.parse(readFileSync(path.join(inject("packed"), "package.json"), "utf8"));
  registry = await serve({ tarball: path.join(store, `create-groundwork-${manifest.version}.tgz`), manifest });
});
afterAll(() => {
  registry.close();
  rmSync(store, { recursive: true, force: true });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(store, "work-"));
  mkdirSync(path.join(folder, "home"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A home of its own, so that no cache and no settings of the tester's take part. */
async function run(manager: string, ...args: string[]) {
  const file = manager === "npm" ? manager : path.join(managers, manager);
  const { exitCode, stdout, stderr } = await execa(file, args, {
    cwd: folder,
    env: {
      PATH: `${managers}${path.delimiter}${process.env.PATH}`,
      HOME: path.join(folder, "home"),
      TMPDIR: folder,
      npm_config_registry: registry.url,
      YARN_REGISTRY: registry.url,
      BUN_CONFIG_REGISTRY: registry.url,
      npm_config_update_notifier: "false",
      npm_config_cache: path.join(folder, "cache"),
      npm_config_yes: "true",
      CI: "true",
    },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 120_000,
  });
  return { code: exitCode, said: `${stdout}\n${stderr}` };
}

const languageOf = () => JSON.parse(readFileSync(path.join(folder, "my-app/.groundwork.json"), "utf8")).language;

describe("flags arrive", () => {
  test.each<[string, string[]]>([
    ["npm", ["create", "groundwork", "my-app", "--", "--language", "rust"]],
    ["npm", ["create", "groundwork@latest", "my-app", "--", "--language=rust", "--no-git"]],
    ["npm", ["exec", "--yes", "create-groundwork", "--", "my-app", "--language", "rust"]],
    ["pnpm", ["create", "groundwork", "my-app", "--language", "rust"]],
    ["pnpm", ["create", "groundwork", "my-app", "--", "--language", "rust"]],
    ["yarn", ["create", "groundwork", "my-app", "--language", "rust"]],
    ["bun", ["create", "groundwork", "my-app", "--language", "rust"]],
    ["bun", ["create", "groundwork", "my-app", "--", "--language", "rust"]],
  ])("%s %j", async (manager, args) => {
    const { code, said } = await run(manager, ...args);
    expect(code, said).toBe(0);
    expect(languageOf()).toBe("rust");
  });
});

describe("flags that npm keeps to itself explain themselves", () => {
  test.each<[string[]]>([
    [["create", "groundwork", "my-app", "--language=rust"]],
    [["create", "groundwork", "my-app", "--language", "rust"]],
    [["create", "groundwork", "my-app", "--no-git"]],
    [["create", "groundwork", "my-app", "--output=tar"]],
    [["create", "groundwork", "--name", "my-app"]],
  ])("npm %j", async (args) => {
    const { code, said } = await run("npm", ...args);
    expect(code, said).toBe(2);
    expect(said).toContain("Put -- before the flags: npm create groundwork my-service -- --language go");
    expect(existsSync(path.join(folder, "my-app"))).toBe(false);
  });
});

test("another package manager is told in its own words", async () => {
  const { code, said } = await run("pnpm", "create", "groundwork", "my-app", "surplus");
  expect(code).not.toBe(0);
  expect(said).toContain("pnpm create groundwork my-service --language go");
});

test("one package is downloaded, and its optional peers only looked up", async () => {
  const before = registry.asked.length;
  const { code, said } = await run("npm", "create", "groundwork", "my-app", "--", "--yes");
  expect(code, said).toBe(0);
  const asked = registry.asked.slice(before).filter((name) => !name.startsWith("/-/"));
  expect(asked.filter((name) => name.endsWith(".tgz")).length).toBe(1);
  expect(asked.filter((name) => !name.startsWith("/create-groundwork") && !["/nx", "/plop"].includes(name))).toEqual(
    [],
  );
});

test("the package has no dependency, no install script, and no more than it needs", () => {
  const manifest = JSON.parse(readFileSync(path.join(inject("packed"), "package.json"), "utf8"));
  expect(manifest.dependencies ?? {}).toEqual({});
  for (const script of ["preinstall", "install", "postinstall"]) expect(manifest.scripts).not.toHaveProperty(script);
});
