import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { groundwork } from "../support/cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "workspaces-"));
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(path.join(folder, file), "utf8");
function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}
const emit = (language: string, ...more: string[]) =>
  groundwork(folder, ["services/billing", "--yes", "--language", language, ...more]);
const manifest = () => JSON.parse(read("services/billing/.groundwork.json"));

const cargo = '[workspace]\nresolver = "3"\nmembers = ["crates/a"] # ours\n';
const crate = (name: string) => `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n`;
const pkg = (...workspaces: string[]) => `${JSON.stringify({ name: "root", private: true, workspaces }, null, 2)}\n`;

describe("a Cargo workspace", () => {
  test("takes the service in, and owns lockfile, toolchain and profiles", async () => {
    write({ "Cargo.toml": cargo, "crates/a/Cargo.toml": crate("a") });
    const { code, stderr } = await emit("rust");
    expect(code, stderr).toBe(0);
    expect(read("Cargo.toml")).toBe(cargo.replace('"crates/a"', '"crates/a", "services/billing"'));
    for (const file of ["Cargo.lock", "rust-toolchain.toml", ".git"])
      expect(existsSync(path.join(folder, "services/billing", file)), file).toBe(false);
    expect(read("services/billing/Cargo.toml")).not.toMatch(/profile|workspace/);
    expect(stderr).toContain("Edited ../../Cargo.toml: list services/billing as a member.");
    expect(stderr).toContain("  cargo update --workspace\n");
    expect(stderr).toContain("  cargo test -p billing\n");
    expect(manifest().workspace).toEqual({
      place: "services/billing",
      memberOf: [{ kind: "cargo", root: "../..", path: "services/billing" }],
      apartFrom: [],
      leavesOut: [
        ".dockerignore",
        ".github/",
        ".gitlab/",
        "CODEOWNERS",
        "Cargo.lock",
        "Dockerfile",
        "renovate.json",
        "rust-toolchain.toml",
      ],
      inherits: [],
    });
  });

  test("shares its edition, its lints and what it says of every package", async () => {
    const shared =
      '\n[workspace.package]\nedition = "2024"\nrepository = "r"\n\n[workspace.lints.rust]\nunsafe_code = "forbid"\n';
    write({ "Cargo.toml": `[workspace]\nmembers = ["services/*"]\n${shared}` });
    expect((await emit("rust")).code).toBe(0);
    expect(read("services/billing/Cargo.toml")).toMatch(/^edition.workspace = true$/m);
    expect(read("services/billing/Cargo.toml")).toMatch(/^repository.workspace = true$/m);
    expect(read("services/billing/Cargo.toml")).toMatch(/\[lints\]\nworkspace = true\n$/);
  });

  test("of another edition does not share that", async () => {
    write({ "Cargo.toml": '[workspace]\nmembers = ["services/*"]\n\n[workspace.package]\nedition = "2021"\n' });
    expect((await emit("rust")).code).toBe(0);
    expect(read("services/billing/Cargo.toml")).toMatch(/^edition = "2024"$/m);
  });

  test("that excludes the folder leaves the service alone, and that is said", async () => {
    write({ "Cargo.toml": `${cargo}exclude = ["services"]\n` });
    const { code, stderr } = await emit("rust");
    expect(code).toBe(0);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("excludes services/billing, so the service stands alone there");
    expect(existsSync(path.join(folder, "services/billing/Cargo.lock"))).toBe(true);
    expect(manifest().workspace.memberOf).toEqual([]);
  });

  test("is kept out of by --no-workspace, with a workspace of the service's own", async () => {
    write({ "Cargo.toml": cargo, "crates/a/Cargo.toml": crate("a"), "crates/a/src/lib.rs": "" });
    const { code, stderr } = await emit("rust", "--no-workspace");
    expect(code).toBe(0);
    expect(read("Cargo.toml")).toBe(cargo);
    expect(read("services/billing/Cargo.toml")).toMatch(/\n\[workspace\]\n$/);
    expect(existsSync(path.join(folder, "services/billing/Cargo.lock"))).toBe(true);
    expect(stderr).toMatch(/--yes --no-workspace /);
  });

  test("concerns no service in another language", async () => {
    write({ "Cargo.toml": "[workspace\n" });
    expect((await emit("go")).code).toBe(0);
    expect(manifest().workspace.memberOf).toEqual([]);
  });
});

describe("a go.work", () => {
  const work = "go 1.22.0\n\n// ours\nuse ./a\n";
  test("takes the service in, and its go line is raised", async () => {
    write({ "go.work": work, "a/go.mod": "module example.com/a\n\ngo 1.22.0\n" });
    const { code, stderr } = await emit("go");
    expect(code, stderr).toBe(0);
    const go = /^go (\S+)/m.exec(read("services/billing/go.mod"))?.[1];
    expect(read("go.work")).toBe(`go ${go}\n\n// ours\nuse ./a\nuse ./services/billing\n`);
    expect(existsSync(path.join(folder, "services/billing/go.sum"))).toBe(true);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      `use ./services/billing, and raise its go line from 1.22.0 to ${go}`,
    );
    expect(stderr).toContain("  go test ./services/billing/...\n");
  });

  test("is kept out of by --no-workspace, in every command", async () => {
    write({ "go.work": work });
    expect((await emit("go", "--no-workspace")).code).toBe(0);
    expect(read("go.work")).toBe(work);
    const { commands } = manifest();
    for (const name of ["setup", "lint", "test", "build"]) expect(commands[name]).toMatch(/^GOWORK=off go /);
  });
});

describe("packages", () => {
  test.each([
    ["npm", { "package.json": pkg("packages/*") }, "npm install", "npm test -w services/billing", "npm ci"],
    [
      "pnpm",
      { "package.json": '{"name":"root"}', "pnpm-workspace.yaml": "packages:\n  - packages/* # ours\n" },
      "pnpm install",
      "pnpm --filter billing run test",
      "pnpm install --frozen-lockfile",
    ],
    [
      "yarn 1",
      { "package.json": pkg("packages/*"), "yarn.lock": "# yarn lockfile v1\n" },
      "yarn install",
      "yarn workspace billing run test",
      "yarn install --frozen-lockfile",
    ],
    [
      "yarn berry",
      {
        "package.json": pkg("packages/*").replace('"private"', '"packageManager": "yarn@4.9.1",\n  "private"'),
        ".yarnrc.yml": "nodeLinker: node-modules\n",
      },
      "yarn install",
      "yarn workspace billing run test",
      "yarn install --immutable",
    ],
    [
      "bun",
      { "package.json": pkg("packages/*"), "bun.lock": "{}\n" },
      "bun install",
      "bun run --filter billing test",
      "bun install --frozen-lockfile",
    ],
  ])("%s takes the service in", async (_manager, files, refresh, tests, setup) => {
    write(files);
    const { code, stderr } = await emit("typescript");
    expect(code, stderr).toBe(0);
    const list = "pnpm-workspace.yaml" in files ? "pnpm-workspace.yaml" : "package.json";
    expect(read(list)).toContain("services/billing");
    expect(existsSync(path.join(folder, "services/billing/package-lock.json"))).toBe(false);
    expect(stderr).toContain(`\n  ${refresh}\n`);
    expect(stderr).toContain(`\n  ${tests}\n`);
    expect(manifest().commands.setup).toBe(setup);
  });

  test("a glob that covers the folder is left alone", async () => {
    write({ "package.json": pkg("services/*"), ".nvmrc": "24\n", "biome.json": "{}" });
    const { stdout } = await emit("typescript", "--json");
    expect(read("package.json")).toBe(pkg("services/*"));
    expect(JSON.parse(stdout).steps.filter(({ kind }: { kind: string }) => kind === "edit")).toEqual([]);
    expect(existsSync(path.join(folder, "services/billing/.nvmrc"))).toBe(false);
    expect(JSON.parse(read("services/billing/biome.json")).root).toBe(false);
  });

  test("a list that leaves the folder out is respected, and that is said", async () => {
    write({ "package.json": pkg("services/*", "!services/billing") });
    const { code, stderr } = await emit("typescript");
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("excludes services/billing") });
    expect(existsSync(path.join(folder, "services/billing/package-lock.json"))).toBe(true);
  });

  test("Plug'n'Play is refused, because Node itself runs the service", async () => {
    write({ "package.json": pkg("packages/*"), ".yarnrc.yml": "enableTelemetry: false\n" });
    expect(await emit("typescript")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nodeLinker: node-modules"),
    });
    expect((await emit("rust")).code).toBe(0);
  });

  test("concern no service in another language, unless Turborepo runs them", async () => {
    write({ "package.json": pkg("packages/*") });
    expect((await emit("go")).code).toBe(0);
    expect(read("package.json")).toBe(pkg("packages/*"));
  });
});

test("an Nx workspace takes no script of a TypeScript service for a target, and a later change keeps it so", async () => {
  write({ "package.json": pkg("services/*"), "nx.json": "{}\n" });
  expect((await emit("typescript")).code).toBe(0);
  expect(JSON.parse(read("services/billing/package.json")).nx).toEqual({ includedScripts: [] });
  expect(manifest().workspace.memberOf).toEqual([{ kind: "npm", root: "../..", path: "services/billing", nx: true }]);
  const change = ["change", "description=Another line", "--force"];
  const { code, stderr } = await groundwork(path.join(folder, "services/billing"), change);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(read("services/billing/package.json"))).toMatchObject({
    description: "Another line",
    nx: { includedScripts: [] },
  });
});

describe("a Turborepo", () => {
  test.each([
    ["rust", "target/release/billing", [], { env: ["RUSTFLAGS", "RUSTUP_TOOLCHAIN"], passThroughEnv: ["CARGO_*"] }],
    ["go", "bin/billing", [], { env: ["GOARCH", "GOFLAGS", "GOOS"], passThroughEnv: ["GO*"] }],
  ])(
    "gets the package and the tasks that a service in %s takes part by",
    async (language, output, inputs, variables) => {
      write({ "package.json": pkg("packages/*"), "turbo.json": '{ "tasks": { "build": {} } }\n' });
      const { code, stderr } = await emit(language);
      expect(code, stderr).toBe(0);
      expect(JSON.parse(read("package.json")).workspaces).toEqual(["packages/*", "services/billing"]);
      expect(JSON.parse(read("services/billing/package.json")).scripts.test).toBe(manifest().commands.test);
      expect(JSON.parse(read("services/billing/turbo.json")).tasks.build).toEqual({
        inputs: ["$TURBO_DEFAULT$", ...inputs],
        outputs: [output],
        ...variables,
      });
      expect(stderr).toContain("npx turbo run test --filter=billing");
    },
  );

  test("with a Cargo workspace inside knows where that builds", async () => {
    write({
      "package.json": pkg("packages/*"),
      "turbo.json": '{ "tasks": {} }\n',
      "services/Cargo.toml": '[workspace]\nmembers = ["*"]\n',
    });
    const { code, stderr } = await emit("rust");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(read("services/billing/turbo.json")).tasks.build).toEqual({
      inputs: ["$TURBO_DEFAULT$", "$TURBO_ROOT$/services/Cargo.toml", "$TURBO_ROOT$/services/Cargo.lock"],
      outputs: ["$TURBO_ROOT$/services/target/release/billing"],
      env: ["RUSTFLAGS", "RUSTUP_TOOLCHAIN"],
      passThroughEnv: ["CARGO_*"],
    });
    expect(manifest().workspace.memberOf.map(({ kind }: { kind: string }) => kind)).toEqual(["cargo", "npm"]);
    expect(stderr).toContain("(cd services && cargo update --workspace)");
  });
});

test.each([
  ["rust", { "Cargo.toml": "[workspace\n" }, "Cargo.toml cannot be read"],
  ["go", { "go.work": "use (\n" }, "go.work cannot be read"],
  ["typescript", { "package.json": "{" }, "package.json cannot be read"],
  ["typescript", { "pnpm-workspace.yaml": "packages: [" }, "pnpm-workspace.yaml cannot be read"],
  [
    "rust",
    { "Cargo.toml": cargo, "crates/a/Cargo.toml": crate("billing") },
    "has a package called billing already, in crates/a",
  ],
  [
    "go",
    { "go.work": "go 1.27.0\nuse ./a\n", "a/go.mod": "module example.com/billing\n" },
    "has a module called example.com/billing",
  ],
  [
    "typescript",
    { "package.json": pkg("p/*"), "p/x/package.json": '{"name":"billing"}' },
    "has a package called billing already, in p/x",
  ],
])(
  "in %s a root that cannot take the service in is refused, and nothing is written: %j",
  async (language, files, says) => {
    write(files);
    const before = readdirSync(folder, { recursive: true }).sort();
    const { code, stderr } = await emit(language);
    expect(code, stderr).toBe(2);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(says);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    for (const [file, text] of Object.entries(files)) expect(read(file)).toBe(text);
  },
);

test.each(["rust", "typescript"])("in %s a glob that takes every folder in cannot be kept out of", async (language) => {
  write({ "Cargo.toml": '[workspace]\nmembers = ["services/*"]\n', "package.json": pkg("services/*") });
  expect(await emit(language, "--no-workspace")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("cannot be kept out"),
  });
});

test("a dry run and JSON show the edit, and the dry run makes none", async () => {
  write({ "Cargo.toml": cargo });
  expect((await emit("rust", "--dry-run")).stdout).toContain(
    "edit  ../../Cargo.toml (list services/billing as a member)",
  );
  expect(read("Cargo.toml")).toBe(cargo);
  expect(readdirSync(folder).sort()).toEqual([".git", "Cargo.toml"]);
  const { steps } = JSON.parse((await emit("rust", "--json")).stdout);
  expect(steps.at(-1)).toEqual({
    kind: "edit",
    path: "../../Cargo.toml",
    bytes: read("Cargo.toml").length,
    why: "list services/billing as a member",
  });
});

test("what is above the repository's own root is not looked at", async () => {
  write({ "Cargo.toml": cargo, "inner/.git/HEAD": "ref: refs/heads/main\n" });
  await groundwork(path.join(folder, "inner"), ["billing", "--yes", "--language", "rust"]);
  expect(read("Cargo.toml")).toBe(cargo);
  expect(existsSync(path.join(folder, "inner/billing/Cargo.lock"))).toBe(true);
});

test("a root file keeps its rights, and a link to it stays a link", async () => {
  write({ "real.toml": cargo });
  chmodSync(path.join(folder, "real.toml"), 0o640);
  symlinkSync("real.toml", path.join(folder, "Cargo.toml"));
  expect((await emit("rust")).code).toBe(0);
  expect(read("real.toml")).toContain("services/billing");
  expect(statSync(path.join(folder, "real.toml")).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).filter((name) => name.startsWith(".groundwork"))).toEqual([]);
});

test("outside a repository, a member starts none of its own", async () => {
  rmSync(path.join(folder, ".git"), { recursive: true });
  write({ "Cargo.toml": cargo });
  const { stderr } = await emit("rust");
  expect(stderr).toContain("The workspace is in no repository yet");
  expect(existsSync(path.join(folder, "services/billing/.git"))).toBe(false);
});

test("a later change keeps it as a member", async () => {
  write({ "Cargo.toml": cargo, "crates/a/Cargo.toml": crate("a") });
  await emit("rust");
  execFileSync("git", ["add", "--all"], { cwd: folder });
  execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "x"], {
    cwd: folder,
  });
  const before = manifest().workspace;
  const { code, stderr } = await groundwork(path.join(folder, "services/billing"), [
    "add",
    "resource",
    "note text:text",
  ]);
  expect(code, stderr).toBe(0);
  expect(manifest().workspace).toEqual(before);
  const ci = await groundwork(path.join(folder, "services/billing"), ["add", "ci", "gitlab", "--force"]);
  expect(ci.stderr.replaceAll(/\s+/g, " ")).toContain("include: services/billing/.gitlab-ci.yml");
  expect(existsSync(path.join(folder, "services/billing/Cargo.lock"))).toBe(false);
  expect(read("services/billing/Cargo.toml")).not.toContain("[profile");
});

describe("the pipeline of a service in a larger repository", () => {
  const workflow = ".github/workflows/billing.yml";
  const commit = () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], { cwd: folder });
    git("add", "--all");
    git("commit", "--quiet", "--message", "work");
  };
  const change = (...args: string[]) => groundwork(path.join(folder, "services/billing"), args);

  test.each([
    ["rust", { "Cargo.toml": cargo, "crates/a/Cargo.toml": crate("a") }, ["Cargo.lock", "Cargo.toml"]],
    ["go", { "go.work": "go 1.27.0\n" }, ["go.work"]],
    ["typescript", { "package.json": pkg("packages/*") }, ["package-lock.json"]],
    ["go", {}, []],
  ])("in %s is a workflow at its root, which runs for what concerns it: %j", async (language, files, shared) => {
    write(files);
    const { code, stderr } = await emit(language, "--ci", "github");
    expect(code, stderr).toBe(0);
    const text = read(workflow);
    const { on, jobs } = parse(text);
    expect(on.push.paths).toEqual(["services/billing/**", workflow, ...shared]);
    expect(Object.keys(jobs)).toEqual(["check", "audit", ...(language === "go" ? ["container"] : [])]);
    for (const named of text.matchAll(/^\s+(?:node-version-file|go-version-file): (.*)$/gm))
      expect(existsSync(path.join(folder, named[1] ?? "")), named[0]).toBe(true);
    expect(existsSync(path.join(folder, "services/billing/.github"))).toBe(false);
    expect(stderr).toContain(`Wrote ../../${workflow}`);
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/Left to the root.*\.github\/dependabot\.yml/);
    expect(read("services/billing/README.md")).toContain(workflow);
  });

  test("on GitLab is a child of the root's, and the line that starts it is printed", async () => {
    write({ "Cargo.toml": cargo, "crates/a/Cargo.toml": crate("a") });
    const { code, stderr } = await emit("rust", "--ci", "gitlab");
    expect(code, stderr).toBe(0);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("billing: { trigger: { include: services/billing/.gitlab-ci.yml,");
    expect(parse(read("services/billing/.gitlab-ci.yml"))).toMatchObject({
      workflow: { rules: expect.arrayContaining([{ if: '$CI_PIPELINE_SOURCE == "parent_pipeline"' }]) },
      default: { before_script: ["cd services/billing"], cache: { key: { files: ["Cargo.lock"] } } },
    });
  });

  test("that another package manager would have to be installed for is left to the root, and that is said", async () => {
    write({ "package.json": '{"name":"root"}', "pnpm-workspace.yaml": "packages: [packages/*]\n" });
    const { code, stderr } = await emit("typescript", "--ci", "github");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("No pipeline was written");
    expect(existsSync(path.join(folder, ".github"))).toBe(false);
  });

  test("is refused where another one stands, and nothing is written", async () => {
    write({ [workflow]: "mine\n", "go.work": "go 1.27.0\n" });
    const { code, stderr } = await emit("go", "--ci", "github");
    expect(code).toBe(2);
    expect(stderr).toContain("is there already");
    expect([read(workflow), read("go.work")]).toEqual(["mine\n", "go 1.27.0\n"]);
    expect(existsSync(path.join(folder, "services"))).toBe(false);
  });

  test("comes and follows by later changes, but not over a person's own edits", async () => {
    expect((await emit("go")).code).toBe(0);
    commit();
    const added = await change("add", "ci", "github");
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toContain(`../../${workflow}`);
    expect(read(workflow)).not.toContain("postgres");
    commit();
    expect((await change("change", "database=postgres")).code).toBe(0);
    expect(read(workflow)).toContain("postgres");
    commit();
    write({ [workflow]: `${read(workflow)}# mine\n` });
    commit();
    const back = await change("change", "database=sqlite");
    expect(back.stderr).toContain(`${workflow} is no longer what was written there`);
    expect(read(workflow)).toMatch(/postgres[\s\S]*# mine\n$/);
    commit();
    const none = await change("change", "ci=none");
    expect(none.stderr).toContain(`${workflow} is no longer needed`);
    commit();
    expect((await change("check")).code).toBe(0);
  });

  test("is not written where a manifest only says that there is a repository", async () => {
    expect((await emit("go")).code).toBe(0);
    const file = "services/billing/.groundwork.json";
    write({ [file]: read(file).replace('"place": "services/billing"', '"place": "billing"') });
    const { code, stderr } = await change("add", "ci", "github", "--force");
    expect(code, stderr).toBe(2);
    expect(existsSync(path.join(folder, "services/.github"))).toBe(false);
  });
});
