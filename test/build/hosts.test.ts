import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { type Workspace, workspaceWith } from "../support/hosts.ts";

let workspace: Workspace;
const inside = (file: string) => path.join(workspace.folder, file);

describe("plop", () => {
  beforeAll(() => {
    workspace = workspaceWith("plop-4.0.5");
    return () => workspace.remove();
  });

  test.each([
    ["esm", 'export { default } from "create-groundwork/plop";\n'],
    ["cjs", 'module.exports = require("create-groundwork/plop");\n'],
  ])("a plopfile in %s has the generators", async (type, plopfile) => {
    workspace.write("package.json", JSON.stringify({ type: type === "esm" ? "module" : "commonjs" }));
    workspace.write("plopfile.js", plopfile);
    const { code, said } = await workspace.run(["plop", "service", "--", "--name", type, "--language", "go"]);
    expect(code, said).toBe(0);
    expect(existsSync(inside(`${type}/go.mod`))).toBe(true);
    expect(existsSync(inside(`${type}/.git`))).toBe(false);
  });

  test("resource and ci change a service that is there and committed", async () => {
    const resource = ["plop", "resource", "--", "--folder", "cjs", "--resource", "invoice number:text"] as const;
    const dirty = await workspace.run([...resource]);
    expect(dirty.code).toBe(1);
    expect(dirty.said).toContain("Commit them, or run npx create-groundwork add with --force to merge into them.");
    expect(existsSync(inside("cjs/internal/invoices"))).toBe(false);
    workspace.commit();
    const added = await workspace.run([...resource]);
    expect(added.code, added.said).toBe(0);
    expect(existsSync(inside("cjs/internal/invoices/handler.go"))).toBe(true);
    workspace.commit();
    const ci = await workspace.run(["plop", "ci", "--", "--folder", "cjs", "--ci", "github"]);
    expect(ci.code, ci.said).toBe(0);
    expect(existsSync(inside(".github/workflows/cjs.yml"))).toBe(true);
  });

  test.each([
    [["resource", "--", "--folder", "esm"], "There is no resource to add."],
    [["ci", "--", "--folder", "nowhere", "--ci", "github"], "has no .groundwork.json"],
    [["ci", "--", "--folder", "esm", "--ci", "hub"], "is not an option"],
  ])("%j fails with the problem's text", async (args, says) => {
    workspace.commit();
    const { code, said } = await workspace.run(["plop", ...args]);
    expect(code).not.toBe(0);
    expect(said).toContain(says);
  });

  test("a failure is no success, and says what to do", async () => {
    const { code, said } = await workspace.run(["plop", "service", "--", "--folder", "../evil"]);
    expect(code).not.toBe(0);
    expect(said).toContain("Name a folder below the workspace.");
  });
});

describe("turbo gen", () => {
  beforeAll(() => {
    workspace = workspaceWith("turbo-2.11.9");
    workspace.write("package.json", '{"name":"acme","private":true,"packageManager":"npm@10.8.2"}\n');
    workspace.write("package-lock.json", '{"name":"acme","lockfileVersion":3,"packages":{}}\n');
    workspace.write("turbo.json", '{"tasks":{"build":{}}}\n');
    return () => workspace.remove();
  });

  test.each([
    ["config.ts", 'export { default } from "create-groundwork/plop";\n'],
    ["config.js", 'module.exports = require("create-groundwork/plop");\n'],
  ])("%s has the generators, which take a folder and named answers", async (file, config) => {
    workspace.write(`turbo/generators/${file}`, config);
    const folder = `services/${file.replace(".", "-")}`;
    const { said } = await workspace.run(["turbo", "gen", "service", "--args", folder, "language=go"]);
    rmSync(inside(`turbo/generators/${file}`));
    expect(existsSync(inside(`${folder}/go.mod`)), said).toBe(true);
  });

  // turbo itself ends with 0 whatever its generators did; the program that it starts does not.
  test("a failure is no success, and says what to do", async () => {
    workspace.write("turbo/generators/config.ts", 'export { default } from "create-groundwork/plop";\n');
    const { code, said } = await workspace.run(["gen", "run", "service", "--args", "../evil"]);
    expect(code).toBe(1);
    expect(said).toContain("Name a folder below the workspace.");
    expect(existsSync(inside("../evil"))).toBe(false);
  });

  test("resource and ci change a service once it is committed", async () => {
    const resource = ["resource", "--args", "services/config-ts", "invoice number:text"] as const;
    const dirty = await workspace.run(["gen", "run", ...resource]);
    expect(dirty.code).toBe(1);
    expect(dirty.said).toContain("Commit them, or run npx create-groundwork add with --force to merge into them.");
    expect(existsSync(inside("services/config-ts/internal/invoices"))).toBe(false);
    workspace.commit();
    const added = await workspace.run(["turbo", "gen", ...resource]);
    expect(existsSync(inside("services/config-ts/internal/invoices/handler.go")), added.said).toBe(true);
    workspace.commit();
    const { said } = await workspace.run(["turbo", "gen", "ci", "--args", "services/config-ts", "github"]);
    expect(existsSync(inside(".github/workflows/config-ts.yml")), said).toBe(true);
  });
});

describe("nx", () => {
  beforeAll(() => {
    workspace = workspaceWith("nx-24.0.0");
    workspace.write("package.json", '{"name":"acme","private":true}\n');
    workspace.write("nx.json", "{\n  // ours\n}\n");
    return () => workspace.remove();
  });
  const generate = (...options: string[]) => workspace.run(["nx", "g", "create-groundwork:service", ...options]);
  const answers = ["services/billing", "--language", "go", "--hard-parts", "stateful"];

  test("a dry run lists what the run then writes, and writes nothing", async () => {
    const dry = await generate(...answers, "--dry-run");
    expect(dry.code, dry.said).toBe(0);
    expect(existsSync(inside("services"))).toBe(false);
    const run = await generate(...answers);
    expect(run.code, run.said).toBe(0);
    const listed = (said: string) => said.match(/^(CREATE|UPDATE) .+$/gm);
    expect(listed(run.said)).toEqual(listed(dry.said));
    expect(readFileSync(inside("nx.json"), "utf8")).toContain("// ours");
  });

  test("a second run of each target is a hit, and brings the artefact back", async () => {
    const all = ["nx", "run-many", "-p", "billing", "-t", "format,lint,test,build"] as const;
    const first = await workspace.run([...all]);
    expect(first.code, first.said).toBe(0);
    const built = readdirSync(inside("services/billing/bin"));
    rmSync(inside("services/billing/bin"), { recursive: true });
    const second = await workspace.run([...all]);
    expect(second.said).toContain("4/4 hit");
    expect(readdirSync(inside("services/billing/bin"))).toEqual(built);
  });

  test("an edit makes the targets run again", async () => {
    workspace.write(
      "services/billing/openapi.go",
      `${readFileSync(inside("services/billing/openapi.go"), "utf8")}\n// x\n`,
    );
    const { said } = await workspace.run(["nx", "run-many", "-p", "billing", "-t", "format"]);
    expect(said).toContain("0/1 hit");
  });

  test("a resource is added through Nx's tree, and the targets stay green", async () => {
    const resource = ["nx", "g", "create-groundwork:resource", "services/billing", "invoice number:text"] as const;
    const dirty = await workspace.run([...resource]);
    expect(dirty.code).toBe(1);
    expect(dirty.said).toContain("Commit them, or add --force to merge into them.");
    workspace.commit();
    const dry = await workspace.run([...resource, "--dry-run"]);
    expect(dry.said).toContain("CREATE services/billing/internal/invoices/handler.go");
    expect(existsSync(inside("services/billing/internal/invoices"))).toBe(false);
    const run = await workspace.run([...resource]);
    expect(run.code, run.said).toBe(0);
    const { code, said } = await workspace.run(["nx", "run-many", "-p", "billing", "-t", "format,lint,test,build"]);
    expect(code, said).toBe(0);
  });

  test.each([
    [["../../evil"], "is not inside"],
    [["services/billing"], "exists"],
    [["services/new", "--langage", "go"], "'langage' is not found in schema"],
    [["services/new", "--language", "perl"], "language"],
  ])("%j fails with the problem's text, and writes nothing", async (options, says) => {
    const { code, said } = await generate(...options);
    expect(code).toBe(1);
    expect(said).toContain(says);
    expect(existsSync(inside("services/new"))).toBe(false);
    expect(existsSync(inside("../../evil"))).toBe(false);
  });

  test("the generator works on Nx's own virtual tree", async () => {
    const require = createRequire(inside("package.json"));
    const tree = require("@nx/devkit/testing").createTreeWithEmptyWorkspace();
    await require("create-groundwork/nx").service(tree, { folder: "services/orders", language: "rust" });
    expect(tree.exists("services/orders/Cargo.toml")).toBe(true);
    expect(JSON.parse(tree.read("nx.json", "utf-8")).plugins).toEqual(["create-groundwork/nx"]);
    expect(existsSync(inside("services/orders"))).toBe(false);
  });
});

describe("nx over npm workspaces and a go.work", () => {
  beforeAll(() => {
    workspace = workspaceWith("nx-24.0.0", "typescript");
    const devDependencies = { nx: "24.0.0", "@nx/devkit": "24.0.0", "create-groundwork": `file:${inject("packed")}` };
    const root = { name: "acme", private: true, workspaces: ["packages/*"], devDependencies };
    workspace.write("package.json", `${JSON.stringify(root, null, 2)}\n`);
    workspace.write("nx.json", "{}\n");
    return () => workspace.remove();
  });
  const generate = ["nx", "g", "create-groundwork:service", "services/shop", "--language", "typescript"] as const;

  test("a TypeScript service becomes a package of the root's, in a dry run too", async () => {
    const dry = await workspace.run([...generate, "--dry-run"]);
    expect(readFileSync(inside("package.json"), "utf8")).not.toContain("services/shop");
    const run = await workspace.run([...generate]);
    expect(run.code, run.said).toBe(0);
    const listed = (said: string) => said.match(/^(CREATE|UPDATE) .+$/gm);
    expect(listed(run.said)).toEqual(listed(dry.said));
    expect(listed(run.said)).toContain("UPDATE package.json");
    expect(JSON.parse(readFileSync(inside("package.json"), "utf8")).workspaces).toEqual([
      "packages/*",
      "services/shop",
    ]);
    expect(run.said).toContain("Refresh that: npm install\n");
  });

  test("its targets are the manifest's, not the scripts that Nx would not cache: a second run is a hit", async () => {
    const install = await workspace.run(["npm", "install", "--prefer-offline", "--no-audit", "--no-fund"]);
    expect(install.code, install.said).toBe(0);
    expect(existsSync(inside("services/shop/package-lock.json"))).toBe(false);
    const all = ["nx", "run-many", "-p", "shop", "-t", "format,lint,test,build"] as const;
    const first = await workspace.run([...all]);
    expect(first.code, first.said).toBe(0);
    expect((await workspace.run([...all])).said).toContain("4/4 hit");
    const { said } = await workspace.run(["nx", "show", "project", "shop", "--json"]);
    const own = Object.keys(JSON.parse(said).targets).filter((target) => target !== "nx-release-publish");
    expect(own.sort()).toEqual(["build", "format", "lint", "serve", "test"]);
  });

  test("an edit at the root that the service shares makes them run again", async () => {
    workspace.write("package-lock.json", `${readFileSync(inside("package-lock.json"), "utf8")}\n`);
    const { said } = await workspace.run(["nx", "run-many", "-p", "shop", "-t", "format"]);
    expect(said).toContain("0/1 hit");
  });

  test("a Go service that go.work lists is cached from its first run on, until a module of the workspace changes", async () => {
    workspace.write("go.work", "go 1.26.0\n\nuse ./tools\n");
    workspace.write("tools/go.mod", "module example.com/tools\n\ngo 1.26.0\n");
    const made = await workspace.run(["nx", "g", "create-groundwork:service", "services/ledger", "--language", "go"]);
    expect(made.code, made.said).toBe(0);
    expect(made.said).toContain("Edited go.work: use ./services/ledger");
    workspace.commit();
    const all = ["nx", "run-many", "-p", "ledger", "-t", "format,lint,test,build"] as const;
    const first = await workspace.run([...all]);
    expect(first.code, first.said).toBe(0);
    expect((await workspace.run([...all])).said).toContain("4/4 hit");
    workspace.write("tools/go.mod", "module example.com/tools\n\ngo 1.26.1\n");
    expect((await workspace.run(["nx", "run-many", "-p", "ledger", "-t", "format"])).said).toContain("0/1 hit");
  });
});
