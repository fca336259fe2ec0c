import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createNodes, projectOf } from "../../../generators/nx/plugin.ts";
import { serviceSchema } from "../../../generators/nx/schema.ts";
import { questionIds } from "../../../src/decide/questions.ts";
import { languages, treeOf } from "../../support/emit.ts";

const manifestOf = async (given: Record<string, unknown>) =>
  JSON.parse((await treeOf(given)).get(".groundwork.json")?.content ?? "");

describe.each(languages)("a manifest of a %s service", (language) => {
  test("gives each target the manifest's command, in the project's folder", async () => {
    const manifest = await manifestOf({ name: "billing", language });
    const { name, targets } = projectOf(manifest, "services/billing");
    expect(name).toBe("billing");
    expect(Object.fromEntries(Object.entries(targets).map(([target, { command }]) => [target, command]))).toEqual({
      setup: manifest.commands.setup,
      format: manifest.commands["format-check"],
      lint: manifest.commands.lint,
      test: manifest.commands.test,
      build: manifest.commands.build,
      serve: manifest.commands.start,
    });
    expect(new Set(Object.values(targets).map(({ options }) => options.cwd))).toEqual(new Set(["services/billing"]));
  });

  test("caches what depends on the folder's files alone", async () => {
    const { targets } = projectOf(await manifestOf({ name: "billing", language }), "services/billing");
    const cached = Object.entries(targets).flatMap(([target, { cache }]) => (cache ? [target] : []));
    expect(cached).toEqual(["format", "lint", "test", "build"]);
    expect(targets.build?.outputs).toEqual(
      { rust: ["{projectRoot}/target/release/billing"], go: ["{projectRoot}/bin/billing"], typescript: [] }[language],
    );
  });
});

describe("of a member of a workspace", () => {
  const memberOf = async (language: string, kind: string, root: string) => ({
    ...(await manifestOf({ name: "billing", language })),
    workspace: { memberOf: [{ kind, root, path: "services/billing" }], apartFrom: [], leavesOut: [], inherits: [] },
  });

  test("the build's artefact is where Cargo puts it, and the root's files are inputs", async () => {
    const { targets } = projectOf(await memberOf("rust", "cargo", "../.."), "services/billing");
    expect(targets.build?.outputs).toEqual(["{workspaceRoot}/target/release/billing"]);
    expect(targets.lint?.inputs).toContain("{workspaceRoot}/Cargo.lock");
    const nested = projectOf(await memberOf("rust", "cargo", "../.."), "rust/services/billing").targets;
    expect(nested.build?.outputs).toEqual(["{workspaceRoot}/rust/target/release/billing"]);
    expect(nested.test?.inputs).toContain("{workspaceRoot}/rust/Cargo.toml");
  });

  test.each([
    ["go", "go", ["{projectRoot}/bin/billing"], "{workspaceRoot}/**/go.mod"],
    ["typescript", "npm", [], "{workspaceRoot}/package-lock.json"],
    ["typescript", "pnpm", [], "{workspaceRoot}/pnpm-lock.yaml"],
  ])("in %s (%s) the lockfile at the root is an input", async (language, kind, outputs, input) => {
    const { targets } = projectOf(await memberOf(language, kind, "../.."), "services/billing");
    expect(targets.build?.outputs).toEqual(outputs);
    for (const target of ["format", "lint", "test", "build"]) expect(targets[target]?.inputs).toContain(input);
  });

  test("what the root installs has no setup of its own, which would take Nx away while it runs", async () => {
    expect(projectOf(await memberOf("typescript", "npm", "../.."), "services/billing").targets.setup).toBeUndefined();
    expect(projectOf(await memberOf("rust", "npm", "../.."), "services/billing").targets.setup).toBeDefined();
  });

  test("nothing is cached when the root is above Nx's own", async () => {
    const { targets } = projectOf(await memberOf("rust", "cargo", "../../.."), "services/billing");
    expect(Object.values(targets).filter(({ cache }) => cache)).toEqual([]);
    expect(JSON.stringify(targets)).not.toContain("..");
  });
});

describe("a workspace", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "nx-"));
    mkdirSync(path.join(root, "a"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("has a project for each manifest, where the manifest is", async () => {
    writeFileSync(path.join(root, "a/.groundwork.json"), JSON.stringify(await manifestOf({ name: "alpha" })));
    writeFileSync(path.join(root, ".groundwork.json"), JSON.stringify(await manifestOf({ name: "omega" })));
    const nodes = await createNodes[1](["a/.groundwork.json", ".groundwork.json"], undefined, { workspaceRoot: root });
    expect(nodes.flatMap(([, { projects }]) => Object.entries(projects).map(([at, { name }]) => [at, name]))).toEqual([
      ["a", "alpha"],
      [".", "omega"],
    ]);
  });

  test("names a manifest that cannot be read", async () => {
    writeFileSync(path.join(root, "a/.groundwork.json"), "{");
    await expect(createNodes[1](["a/.groundwork.json"], undefined, { workspaceRoot: root })).rejects.toThrow(
      /a\/\.groundwork\.json is no manifest/,
    );
  });
});

test("the schema has every question, and prompts for the folder alone", () => {
  const { properties } = serviceSchema() as { properties: Record<string, Record<string, unknown>> };
  const snake = Object.keys(properties).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  expect(snake).toEqual(expect.arrayContaining([...questionIds]));
  expect(Object.keys(properties).filter((name) => properties[name]?.["x-prompt"])).toEqual(["folder"]);
});
