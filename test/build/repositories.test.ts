import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Commands, commandNames } from "../../src/model/manifest.ts";
import { type Cluster, newCluster } from "../support/cluster.ts";
import { everyType, keywords, languages } from "../support/emit.ts";
import { elsewhere, type Forge, linesOf, pipelineFiles } from "../support/pipelines.ts";
import { type Toolchain, toolchain } from "../support/toolchains.ts";

let root: string;
let cluster: Cluster;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "build-"));
  cluster = await newCluster();
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await cluster[Symbol.asyncDispose]();
});

/** Each is emitted by the packed program, and goes through what its forge runs, or else the commands of its own manifest. */
const repositories = [
  { name: "stockroom", database: "sqlite", ci: "github", resource: "item name:text quantity:integer", contract: true },
  {
    name: "laboratory-of-thirty-letters-x",
    database: "sqlite",
    ci: "gitlab",
    resource: everyType,
    contract: true,
  },
  { name: "k", database: "sqlite", ci: "none", resource: `${keywords}; a b:text`, contract: false },
  {
    name: "warehouse",
    database: "postgres",
    ci: "github",
    resource: "item name:text quantity:integer",
    contract: false,
  },
  { name: "laboratory", database: "postgres", ci: "gitlab", resource: everyType, contract: true },
  { name: "p", database: "postgres", ci: "none", resource: `${keywords}; a b:text`, contract: false },
] as const;

describe.each(languages)("%s", (language) => {
  const emitted = repositories.filter(({ database }) => existsSync(`templates/${language}/database-${database}`));

  describe.each(emitted)("$name on $database", ({ name, database, ci, resource, contract }) => {
    const folder = () => path.join(root, language, name);
    const shell = (command: string) =>
      execaSync("sh", ["-c", command], {
        cwd: folder(),
        env: { ...toolchain(language), TEST_DATABASE_URL: cluster.url },
        extendEnv: false,
        reject: false,
        all: true,
      });
    const manifest = (): { commands: Commands } =>
      JSON.parse(readFileSync(path.join(folder(), ".groundwork.json"), "utf8"));

    test("is emitted", () => {
      const args = [folder(), "--yes", "--language", language, "--database", database, "--ci", ci];
      args.push("--resource", resource);
      const { exitCode, stderr } = execaSync("node", [path.join(inject("packed"), "dist/cli.js"), ...args], {
        reject: false,
        env: identity,
      });
      expect(exitCode, stderr).toBe(0);
    });

    test("passes what its pipeline or its manifest runs", () => {
      const lines = ci === "none" ? commandsOf(manifest()) : pipelineOf(ci, folder());
      for (const line of lines) {
        const { exitCode, all } = shell(line);
        expect(exitCode, `${line}\n${all?.slice(-8000)}`).toBe(0);
      }
    });

    test("leaves the git tree clean", () => {
      expect(shell("git status --porcelain").stdout).toBe("");
    });

    test.runIf(contract)("conforms to the contract", () => {
      const { exitCode, all } = contractSuite(language, folder(), manifest().commands.start, {
        CONTRACT_RESOURCE: resource,
        CONTRACT_POSTGRES: database === "postgres" ? cluster.url : undefined,
      });
      process.stdout.write(`${all.split("\n").slice(-8).join("\n")}\n`);
      expect(exitCode, all.slice(-20_000)).toBe(0);
    });
  });
});

function commandsOf({ commands }: { readonly commands: Commands }): string[] {
  return commandNames.filter((command) => command !== "start").map((command) => commands[command]);
}

/** Its steps in their order, whatever job they are in, but for what cannot run here. */
function pipelineOf(forge: Forge, folder: string): string[] {
  const lines = linesOf(forge, readFileSync(path.join(folder, pipelineFiles[forge]), "utf8"));
  for (const job of Object.keys(elsewhere)) expect(lines.map((line) => line.job)).toContain(job);
  return lines.filter(({ job }) => !(job in elsewhere)).map(({ run }) => run);
}

const identity = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

function contractSuite(language: Toolchain, cwd: string, command: string, subject: NodeJS.ProcessEnv) {
  const built = toolchain(language);
  const { exitCode, all } = execaSync("node", ["node_modules/vitest/vitest.mjs", "run", "--project", "contract"], {
    cwd: path.join(import.meta.dirname, "../.."),
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"))),
      CARGO_TARGET_DIR: built.CARGO_TARGET_DIR,
      CONTRACT_COMMAND: command,
      CONTRACT_CWD: cwd,
      CONTRACT_PATH: language === "typescript" ? built.PATH?.split(path.delimiter, 1)[0] : undefined,
      ...subject,
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { exitCode, all: all ?? "" };
}
