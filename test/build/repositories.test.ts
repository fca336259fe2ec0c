import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Commands, commandNames } from "../../src/model/manifest.ts";
import { type Cluster, newCluster } from "../support/cluster.ts";
import { everyType, keywords, languages } from "../support/emit.ts";
import { elsewhere, type Forge, pipelineFiles, runnable, type Script, scriptsOf } from "../support/pipelines.ts";
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
    /** Where it is built: in a clone, as a runner's is, so that nothing is missing from what is committed. */
    const clone = () => path.join(root, language, "clones", name);
    const shell = (script: string, environment: NodeJS.ProcessEnv = {}) =>
      execaSync("bash", ["-e", "-c", script], {
        cwd: clone(),
        env: { ...toolchain(language), ...environment },
        extendEnv: false,
        reject: false,
        all: true,
      });
    const manifest = (): { commands: Commands } =>
      JSON.parse(readFileSync(path.join(folder(), ".groundwork.json"), "utf8"));
    const scripts = (): Script[] =>
      ci === "none"
        ? commandsOf(manifest(), { TEST_DATABASE_URL: cluster.url })
        : pipelineOf(ci, clone(), { postgres: new URL(cluster.url) });

    test("is emitted", () => {
      const args = [folder(), "--yes", "--language", language, "--database", database, "--ci", ci];
      args.push("--resource", resource);
      const { exitCode, stderr } = execaSync("node", [path.join(inject("packed"), "dist/cli.js"), ...args], {
        reject: false,
        env: identity,
      });
      expect(exitCode, stderr).toBe(0);
      execaSync("git", ["clone", "--quiet", folder(), clone()]);
    });

    test("passes what its pipeline or its manifest runs", () => {
      for (const script of scripts()) {
        const { exitCode, all } = shell(runnable(script), withCaches(script.environment));
        expect(exitCode, `${script.job}: ${script.lines}\n${all?.slice(-8000)}`).toBe(0);
      }
    });

    test.runIf(ci !== "none")("of its pipeline, only an audit and an image are left to other machines", () => {
      const lines = scripts().flatMap((script) => script.lines.split("\n").map((line) => ({ job: script.job, line })));
      const left = lines.filter(({ line }) => elsewhere.some((each) => each.line.test(line)));
      expect(new Set(left.map(({ job }) => job))).toEqual(new Set(["audit", "container"]));
      expect(lines.filter(({ job }) => job === "check").length).toBeGreaterThanOrEqual(commandNames.length - 1);
    });

    test("leaves the git tree clean", () => {
      const caches = scripts().flatMap(({ environment }) => cachesIn(clone(), environment));
      const { stdout } = shell(`git status --porcelain -- . ${caches.map((cache) => `':!${cache}'`).join(" ")}`);
      expect(stdout).toBe("");
    });

    test.runIf(contract)("conforms to the contract", () => {
      const { exitCode, all } = contractSuite(language, clone(), manifest().commands.start, {
        CONTRACT_RESOURCE: resource,
        CONTRACT_POSTGRES: database === "postgres" ? cluster.url : undefined,
      });
      process.stdout.write(`${all.split("\n").slice(-8).join("\n")}\n`);
      expect(exitCode, all.slice(-20_000)).toBe(0);
    });
  });
});

function commandsOf({ commands }: { readonly commands: Commands }, environment: Script["environment"]): Script[] {
  return commandNames
    .filter((command) => command !== "start")
    .map((command) => ({ job: command, lines: commands[command], environment }));
}

function pipelineOf(forge: Forge, folder: string, services: Readonly<Record<string, URL>>): Script[] {
  return scriptsOf(forge, readFileSync(path.join(folder, pipelineFiles[forge]), "utf8"), folder, services);
}

/** A cold cache of these costs minutes for each repository, and holds nothing that a line could trip over: the machine's serve. */
const warm = ["CARGO_HOME", "GOCACHE"];

const withCaches = (environment: Script["environment"]) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !warm.includes(name)));

/** Folders of a clone that its pipeline keeps for the next run. */
const cachesIn = (folder: string, environment: Script["environment"]) =>
  Object.values(environment).flatMap((value) => (value.startsWith(`${folder}/`) ? [path.relative(folder, value)] : []));

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
