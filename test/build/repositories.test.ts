import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Commands, commandNames } from "../../src/model/manifest.ts";
import { everyType, keywords, languages } from "../support/emit.ts";
import { type Toolchain, toolchain } from "../support/toolchains.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "build-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Each is emitted by the packed program, and goes through the commands of its own manifest. */
const repositories = [
  { name: "stockroom", resource: "item name:text quantity:integer", contract: true },
  { name: "laboratory-of-thirty-letters-x", resource: everyType, contract: true },
  { name: "k", resource: `${keywords}; a b:text`, contract: false },
] as const;

describe.each(languages)("%s", (language) => {
  describe.each(repositories)("$name", ({ name, resource, contract }) => {
    const folder = () => path.join(root, language, name);
    const shell = (command: string) =>
      execaSync("sh", ["-c", command], {
        cwd: folder(),
        env: toolchain(language),
        extendEnv: false,
        reject: false,
        all: true,
      });
    const manifest = (): { commands: Commands } =>
      JSON.parse(readFileSync(path.join(folder(), ".groundwork.json"), "utf8"));

    test("is emitted", () => {
      const args = [folder(), "--yes", "--language", language, "--resource", resource];
      const { exitCode, stderr } = execaSync("node", [path.join(inject("packed"), "dist/cli.js"), ...args], {
        reject: false,
        env: identity,
      });
      expect(exitCode, stderr).toBe(0);
    });

    test.each(commandNames.filter((command) => command !== "start"))("%s", (command) => {
      const { exitCode, all } = shell(manifest().commands[command]);
      expect(exitCode, all?.slice(-8000)).toBe(0);
    });

    test("leaves the git tree clean", () => {
      expect(shell("git status --porcelain").stdout).toBe("");
    });

    test.runIf(contract)("conforms to the contract", () => {
      const { exitCode, all } = contractSuite(language, folder(), manifest().commands.start, resource);
      process.stdout.write(`${all.split("\n").slice(-8).join("\n")}\n`);
      expect(exitCode, all.slice(-20_000)).toBe(0);
    });
  });
});

const identity = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

function contractSuite(language: Toolchain, cwd: string, command: string, resource: string) {
  const built = toolchain(language);
  const { exitCode, all } = execaSync("node", ["node_modules/vitest/vitest.mjs", "run", "--project", "contract"], {
    cwd: path.join(import.meta.dirname, "../.."),
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"))),
      CARGO_TARGET_DIR: built.CARGO_TARGET_DIR,
      CONTRACT_COMMAND: command,
      CONTRACT_CWD: cwd,
      CONTRACT_PATH: language === "typescript" ? built.PATH?.split(path.delimiter, 1)[0] : undefined,
      CONTRACT_RESOURCE: resource,
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { exitCode, all: all ?? "" };
}
