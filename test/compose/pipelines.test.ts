import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { describe, expect, test } from "vitest";
import { treeOf } from "../support/emit.ts";
import { type Forge, pipelineFiles, runnable, scriptsOf } from "../support/pipelines.ts";

const here = { postgres: new URL("postgres://127.0.0.1:61234/postgres") };

test("a job of GitLab is one shell, with its variables, and its server where that is", () => {
  const text = `
variables: { CACHE: $CI_PROJECT_DIR/.cache, LEVEL: all }
default: { before_script: [cd place] }
check:
  services: ["postgres:18@sha256:00"]
  variables: { LEVEL: own, POSTGRES_PASSWORD: secret, TEST_DATABASE_URL: "postgres://postgres:secret@postgres:5432/app" }
  script: [one, two]
`;
  expect(scriptsOf("gitlab", text, "/clone", here)).toEqual([
    {
      job: "check",
      lines: "cd place\none\ntwo",
      environment: {
        CI_PROJECT_DIR: "/clone",
        CACHE: "/clone/.cache",
        LEVEL: "own",
        POSTGRES_PASSWORD: "secret",
        TEST_DATABASE_URL: "postgres://postgres:secret@127.0.0.1:61234/app",
      },
    },
  ]);
});

test("each step of GitHub's is a shell of its own", () => {
  const text = `
jobs:
  check:
    env: { LEVEL: all }
    steps: [{ run: one }, { name: Two, run: two }]
`;
  expect(scriptsOf("github", text, "/clone").map(({ lines }) => lines)).toEqual(["one", "two"]);
  expect(scriptsOf("github", text, "/clone")[1]?.environment).toEqual({ LEVEL: "all" });
});

test.each<[string, Forge, string, string]>([
  ["a key that a runner obeys", "gitlab", "check: { script: [one], needs: [other] }", "needs of check"],
  ["an action that is no pin", "github", 'jobs: { a: { steps: [{ uses: "a/b@v1" }] } }', "a/b@v1 is not among"],
  [
    "an expression",
    "github",
    `jobs: { a: { steps: [{ run: "echo $\{{ github.ref }}" }] } }`,
    "evaluates the expression",
  ],
  [
    "a server that no service is",
    "gitlab",
    'check: { script: [one], variables: { URL: "postgres://a:b@postgres:5432/c" } }',
    "no such service",
  ],
  [
    "a server with another password",
    "github",
    `jobs: { a: { env: { URL: "postgres://a:b@127.0.0.1:5432/c" }, steps: [{ run: one }],
      services: { postgres: { image: "postgres:18", ports: ["5432:5432"], env: { POSTGRES_PASSWORD: other } } } } }`,
    "no such service",
  ],
])("%s is refused, not passed over", (_what, forge, text, said) => {
  expect(() => scriptsOf(forge, text, "/clone", here)).toThrow(said);
});

test("of the lines of an audit and an image none is run, and every other is", async () => {
  for (const language of ["rust", "go", "typescript"]) {
    for (const ci of ["github", "gitlab"] as const) {
      const { content = "" } = (await treeOf({ language, ci })).get(pipelineFiles[ci]) ?? {};
      const scripts = scriptsOf(ci, content, "/clone", here);
      expect(
        scripts
          .filter(({ job }) => job === "container")
          .map(runnable)
          .join(""),
      ).toBe("");
      expect(
        scripts
          .filter(({ job }) => job === "audit")
          .map(runnable)
          .join(""),
      ).toMatch(/^(rustup toolchain install)?$/);
      const checks = scripts.filter(({ job }) => job === "check");
      expect(checks.map(runnable)).toEqual(checks.map(({ lines }) => lines));
    }
  }
});

describe.each(["sqlite", "postgres"])("the job of an image on %s, with a stand-in for the engine", (database) => {
  test.each([
    ["passes when the service stops with 0", "0", 0],
    ["fails when it was killed", "137", 1],
  ])("%s", async (_what, status, exit) => {
    const folder = mkdtempSync(path.join(tmpdir(), "engine-"));
    const docker = `echo "$*" >> ${folder}/calls\ncase "$*" in *logs*) echo listening ;; *wait*) echo ${status} ;; esac\n`;
    writeFileSync(path.join(folder, "docker"), `#!/bin/sh\n${docker}`);
    chmodSync(path.join(folder, "docker"), 0o755);
    for (const ci of ["github", "gitlab"] as const) {
      const { content = "" } = (await treeOf({ language: "go", ci, database })).get(pipelineFiles[ci]) ?? {};
      const scripts = scriptsOf(ci, content, "/clone", here).filter(({ job }) => job === "container");
      const runs = scripts.map(({ lines }) =>
        execaSync("bash", ["-e", "-c", lines], {
          env: { PATH: `${folder}${path.delimiter}${process.env.PATH}` },
          reject: false,
        }),
      );
      expect(Math.max(...runs.map(({ exitCode = 1 }) => exitCode))).toBe(exit);
    }
    expect(readFileSync(path.join(folder, "calls"), "utf8")).toMatch(/^build --tag orders \.$/m);
    rmSync(folder, { recursive: true });
  });
});
