import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import manifest from "../../package.json" with { type: "json" };
import { pinsIn } from "../../pins/pins.ts";
import { complaintsOf } from "../support/outside.ts";

const root = path.join(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/pins.md"), "utf8");
const [, workflow = ""] = /```yaml\n(name: [\s\S]*?)```/.exec(page) ?? [];

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
const steps: readonly Step[] = parse(workflow).jobs.move.steps;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "scheduled-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the scheduled job of docs/pins.md", () => {
  test.each([
    ["actionlint", []],
    ["zizmor", ["--offline", "--quiet"]],
    ["check-jsonschema", ["--builtin-schema", "vendor.github-workflows"]],
  ] as const)("gives %s nothing to say", (tool, args) => {
    mkdirSync(path.join(folder, ".github/workflows"), { recursive: true });
    const file = path.join(folder, ".github/workflows/pins.yml");
    writeFileSync(file, workflow);
    execaSync("git", ["init", "--quiet"], { cwd: folder });
    expect(complaintsOf(tool, [...args, file], folder)).toBe("");
  });

  test("names the versions that are pinned", () => {
    const pins = ["shared", "go", "rust", "typescript"].flatMap((place) =>
      pinsIn(readFileSync(path.join(root, "templates", place, "pins.yaml"), "utf8")),
    );
    const pinned = (key: string) => pins.find((pin) => pin.key === key)?.version ?? "";
    for (const [, action = "", version] of workflow.matchAll(/uses: (\S+?)@(.+)$/gm))
      expect(version).toBe(pinned(action));
    const given = Object.assign({}, ...steps.map((step) => step.with));
    expect(given).toMatchObject({ "node-version": pinned("node"), "go-version": pinned("golang") });
    expect(parse(workflow).jobs.move.container.image).toBe(`rust:${pinned("rust")}`);
  });

  test("runs scripts that there are", () => {
    const scripts = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, script = ""]) => script);
    expect(scripts).toContain("pins");
    for (const script of scripts) expect(manifest.scripts).toHaveProperty([script]);
  });

  test.each([
    ["what moved, whether or not the tests passed", "1.0.1", "go/pins.yaml: x 1.0.0 -> 1.0.1\n  y 2.0.0 -> 2.0.1\n"],
    ["nothing when nothing moved", "1.0.0", undefined],
  ])("proposes %s", (_what, version, proposed) => {
    const repository = path.join(folder, "repository");
    const git = (...args: string[]) => execaSync("git", args, { cwd: repository }).stdout;
    mkdirSync(repository);
    git("init", "--quiet", "--initial-branch=main");
    git("init", "--quiet", "--bare", path.join(folder, "origin"));
    git("remote", "add", "origin", path.join(folder, "origin"));
    writeFileSync(path.join(repository, "pins.yaml"), "x: 1.0.0\n");
    git("add", "--all");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "pins");

    writeFileSync(path.join(repository, "pins.yaml"), `x: ${version}\n`);
    const said = ["go/pins.yaml: x 1.0.0 -> 1.0.1", "go/go.sum is made anew", "  y 2.0.0 -> 2.0.1", "FAIL a -> b", ""];
    writeFileSync(path.join(folder, "pins.txt"), said.join("\n"));
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    const gh = `#!/bin/sh\ncase "$1" in pr) while [ "$1" != --body-file ]; do shift; done; cp "$2" "$RUNNER_TEMP/body" ;; esac\n`;
    writeFileSync(path.join(bin, "gh"), gh, { mode: 0o755 });
    const propose = steps.find(({ name }) => name === "Propose")?.run ?? "";
    execaSync("bash", ["-e", "-c", propose], {
      cwd: repository,
      env: {
        PATH: `${bin}${path.delimiter}${process.env.PATH}`,
        RUNNER_TEMP: folder,
        BRANCH: "pins/1",
        GITHUB_REF_NAME: "main",
      },
    });

    const body = path.join(folder, "body");
    expect(git("ls-remote", "origin") !== "").toBe(proposed !== undefined);
    if (proposed === undefined) return;
    expect(readFileSync(body, "utf8")).toBe(proposed);
    expect(git("--git-dir", path.join(folder, "origin"), "show", "pins/1:pins.yaml")).toBe("x: 1.0.1");
  });
});
