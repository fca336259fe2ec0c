import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plop-"));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...command: string[]) => {
  const [file = "", ...args] = command;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$)/.test(name)));
  return execa(path.join("node_modules/.bin", file), args, {
    cwd: folder,
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    timeout: 120_000,
  });
};

describe("a host's plopfile with the packed generators", () => {
  beforeEach(() => {
    writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(
      path.join(folder, "plopfile.js"),
      `export { default } from ${JSON.stringify(path.join(inject("packed"), "dist/plop.mjs"))};\n`,
    );
  });

  test("service is emitted by arguments alone", async () => {
    const { exitCode, all } = await run(
      "plop",
      "service",
      "--",
      "--name",
      "billing",
      "--folder",
      "services/billing",
      "--language",
      "go",
    );
    expect(exitCode, all).toBe(0);
    expect(existsSync(path.join(folder, "services/billing/go.mod"))).toBe(true);
  });

  test.each([
    [["--name", "Billing"], "cannot name a crate"],
    [["--name", "b", "--language", "perl"], "is not an option"],
    [["--folder", "../outside", "--name", "b"], "is not inside"],
    [[], "has no name"],
  ])("%j fails with the problem's text, and writes nothing", async (args, says) => {
    const { exitCode, all } = await run("plop", "service", "--", ...args);
    expect(exitCode).not.toBe(0);
    expect(all).toContain(says);
    expect(existsSync(path.join(folder, "b"))).toBe(false);
    expect(existsSync(path.join(folder, "../outside"))).toBe(false);
  });

  const ofCargo = ["service", "--", "--folder", "services/billing", "--language", "rust"];

  test("a root in the repository lists the service, and its lockfile's refresh is said", async () => {
    writeFileSync(path.join(folder, "Cargo.toml"), "[workspace]\nmembers = []\n");
    const { exitCode, all } = await run("plop", ...ofCargo);
    expect(exitCode, all).toBe(0);
    expect(readFileSync(path.join(folder, "Cargo.toml"), "utf8")).toContain('"services/billing"');
    expect(all).toContain("Edited Cargo.toml: list services/billing as a member.");
    expect(all).toContain("Refresh that: cargo update --workspace");
  });

  test("a root above the host's own is not written to, and the run says what to do", async () => {
    const inner = path.join(folder, "inner");
    mkdirSync(inner);
    for (const file of ["package.json", "plopfile.js"]) cpSync(path.join(folder, file), path.join(inner, file));
    const list = "[workspace]\nmembers = []\n";
    writeFileSync(path.join(folder, "Cargo.toml"), list);
    const { exitCode, all } = await run("plop", "--plopfile", "inner/plopfile.js", ...ofCargo);
    expect(exitCode).not.toBe(0);
    expect(all).toContain("Emit it with npx create-groundwork instead");
    expect(readFileSync(path.join(folder, "Cargo.toml"), "utf8")).toBe(list);
    expect(existsSync(path.join(inner, "services"))).toBe(false);
  });
});

describe("a contributor's addition comes with everything that it needs", () => {
  beforeEach(() => {
    for (const part of [
      "src",
      "generators",
      "pins",
      "templates",
      "test",
      "bench/questions.ts",
      "plopfile.js",
      "package.json",
      "tsconfig.json",
      "biome.json",
      "vitest.config.ts",
    ]) {
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    rmSync(path.join(folder, "test/golden"), { recursive: true, force: true });
  });

  const added = async (...args: string[]) => {
    const made = await run("plop", ...args);
    expect(made.exitCode, made.all).toBe(0);
    const types = await run("tsc", "--noEmit");
    expect(types.all).toBe("");
  };
  const passes = async (file: string) => {
    writeFileSync(
      path.join(folder, "vitest.config.ts"),
      'export default { test: { include: ["test/**/*.test.ts"] } };\n',
    );
    const { exitCode, all } = await run("vitest", "run", file);
    expect(exitCode, all).toBe(0);
  };

  test("rule", async () => {
    const words = {
      id: "few-hands",
      claim: "10",
      question: "team",
      option: "small",
      concerns: "rust",
      favours: "go",
      strength: "mild",
      because: "Few hands agree quickly.",
      section: "Where Go Wins",
    };
    await added("rule", "--", ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]));
    await passes("test/decide/rules.test.ts");
  });

  test("question", async () => {
    await added(
      "question",
      "--",
      "--id",
      "latency",
      "--asks",
      "How fast?",
      "--why",
      "It matters.",
      "--options",
      "tight=below 10 ms; normal=more",
    );
    await passes("test/decide/questions/latency.test.ts");
  });

  test("feature", async () => {
    await added("feature", "--", "--id", "greeting", "--about", "a greeting", "--question", "team", "--option", "solo");
    await passes("test/compose/features/greeting.test.ts");
  });

  test("an id that exists is refused, and nothing is written", async () => {
    const before = readFileSync(path.join(folder, "src/compose/features.ts"), "utf8");
    mkdirSync(path.join(folder, "templates/go/feature-greeting"));
    writeFileSync(path.join(folder, "templates/go/feature-greeting/layer.json"), "{}");
    const { exitCode, all } = await run(
      "plop",
      "feature",
      "--",
      "--id",
      "greeting",
      "--about",
      "a greeting",
      "--question",
      "team",
      "--option",
      "solo",
    );
    expect(exitCode).not.toBe(0);
    expect(all).toContain("exists already");
    expect(readFileSync(path.join(folder, "src/compose/features.ts"), "utf8")).toBe(before);
    expect(existsSync(path.join(folder, "templates/rust/feature-greeting"))).toBe(false);
  });
});
