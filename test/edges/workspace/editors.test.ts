import { describe, expect, test } from "vitest";
import { cargoCoverage, readCargoRoot, withCargoMember } from "../../../src/edges/workspace/cargo.ts";
import { coverage } from "../../../src/edges/workspace/globs.ts";
import { readGoWork, withGoModule } from "../../../src/edges/workspace/go-work.ts";
import { readPackageJson, withPackage } from "../../../src/edges/workspace/package-json.ts";
import { readPnpmWorkspace, withPnpmPackage } from "../../../src/edges/workspace/pnpm-workspace.ts";

const added = "services/billing";

/** Every line of the file is still there, but for a comma behind the last item. */
function expectKept(before: string, after: string): void {
  const lines = after.split("\n");
  for (const line of before.split("\n")) {
    if (!/members|workspaces|packages:|\[\]/.test(line)) {
      expect(
        lines.some((kept) => kept === line || kept.replace(",", "") === line.replace(",", "")),
        line,
      ).toBe(true);
    }
  }
}

describe("Cargo.toml", () => {
  test.each([
    [
      "lines with comments",
      '[workspace]\n# ours\nmembers = [\n    "b", # the first\n    # the second\n    "a",\n]\nresolver   =  "2"   # keep\n',
      '[workspace]\n# ours\nmembers = [\n    "b", # the first\n    # the second\n    "a",\n    "services/billing",\n]\nresolver   =  "2"   # keep\n',
    ],
    [
      "one line",
      '[workspace]\nmembers = ["b","a"] # both\n',
      '[workspace]\nmembers = ["b","a","services/billing"] # both\n',
    ],
    [
      "CRLF and tabs",
      '[workspace]\r\nmembers = [\r\n\t"a",\r\n\t"b"\r\n]\r\n# end\r\n',
      '[workspace]\r\nmembers = [\r\n\t"a",\r\n\t"b",\r\n\t"services/billing"\r\n]\r\n# end\r\n',
    ],
    [
      "an empty list",
      '[workspace]\nmembers=[]\nresolver="3"\n',
      '[workspace]\nmembers=["services/billing"]\nresolver="3"\n',
    ],
    ["a dotted key", 'workspace.members = ["a"] # c\n', 'workspace.members = ["a", "services/billing"] # c\n'],
    ["an inline table", 'workspace = { members = ["a"] }\n', 'workspace = { members = ["a", "services/billing"] }\n'],
  ])("%s", (_what, before, after) => {
    expect(withCargoMember(before, added)).toBe(after);
  });

  test.each([
    [
      "a package with an empty workspace",
      '[package]\nname = "r"\n\n[workspace]\n\n[dependencies]\nserde = "1" # pinned\n',
    ],
    ["settings alone", '[workspace]\nresolver = "3"\n\n[profile.dev]\ndebug = 1\n'],
  ])("%s gets a list", (_what, before) => {
    const after = withCargoMember(before, added);
    expect(readCargoRoot("Cargo.toml", after)?.members).toEqual([added]);
    expectKept(before, after);
  });

  test.each([
    ["a glob", 'members = ["services/*"]', "covered"],
    ["a deep glob", 'members = ["**"]', "covered"],
    ["a glob of another depth", 'members = ["*"]', "open"],
    ["its name", 'members = ["./services/billing/"]', "covered"],
    ["nothing", "", "open"],
    ["an exclusion", 'exclude = ["services/billing"]', "excluded"],
    ["an exclusion of what is above", 'exclude = ["services"]', "excluded"],
    ["an exclusion of a namesake", 'exclude = ["services/bill"]', "open"],
    ["a member below an exclusion", 'members = ["services/billing"]\nexclude = ["services"]', "covered"],
  ])("%s", (_what, lists, says) => {
    const root = readCargoRoot("Cargo.toml", `[workspace]\n${lists}\n`);
    expect(root && cargoCoverage(root, added)).toBe(says);
  });

  test.each(["[workspace\n", "[workspace]\nmembers = 3\n", "workspace = 1\n", "[workspace]\nmembers = [1]\n"])(
    "%j is refused",
    (text) => {
      expect(() => readCargoRoot("Cargo.toml", text)).toThrow(/^Cargo.toml cannot be read: /);
    },
  );
});

describe("go.work", () => {
  test.each([
    [
      "a block with comments",
      "go 1.27.0\n\n// ours\nuse (\n\t./b // first\n\t// second\n\t./a\n)\n\nreplace x => ./y\n",
      "go 1.27.0\n\n// ours\nuse (\n\t./b // first\n\t// second\n\t./a\n\t./services/billing\n)\n\nreplace x => ./y\n",
    ],
    ["an empty block", "go 1.27.0\n\nuse (\n)\n", "go 1.27.0\n\nuse (\n\t./services/billing\n)\n"],
    [
      "single lines",
      "go 1.27.0\nuse ./a\nuse ./b // b\n",
      "go 1.27.0\nuse ./a\nuse ./b // b\nuse ./services/billing\n",
    ],
    ["no module yet", "go 1.27.0\n", "go 1.27.0\n\nuse ./services/billing\n"],
    [
      "CRLF",
      "go 1.27.0\r\n\r\nuse (\r\n  ./a\r\n)\r\n",
      "go 1.27.0\r\n\r\nuse (\r\n  ./a\r\n  ./services/billing\r\n)\r\n",
    ],
    ["a lower go line", "go 1.22 // old\n\nuse ./a\n", "go 1.27.0 // old\n\nuse ./a\nuse ./services/billing\n"],
    ["a higher go line", "go 1.28.1\n\nuse ./a\n", "go 1.28.1\n\nuse ./a\nuse ./services/billing\n"],
    ["no go line", "use ./a\n", "go 1.27.0\n\nuse ./a\nuse ./services/billing\n"],
    [
      "a toolchain that is too low",
      "go 1.22.0\n\ntoolchain go1.24.0\n\nuse ./a\n",
      "go 1.27.0\n\nuse ./a\nuse ./services/billing\n",
    ],
    [
      "a toolchain that is not",
      "go 1.22.0\n\ntoolchain go1.27.3\n\nuse ./a\n",
      "go 1.27.0\n\ntoolchain go1.27.3\n\nuse ./a\nuse ./services/billing\n",
    ],
  ])("%s", (_what, before, after) => {
    expect(withGoModule("go.work", before, added, "1.27.0")).toBe(after);
    expect(readGoWork("go.work", after).uses).toContain(added);
  });

  test("a folder that needs quotes has them", () => {
    const text = withGoModule("go.work", "go 1.27.0\n", "my services/billing", "1.27.0");
    expect(text).toBe('go 1.27.0\n\nuse "./my services/billing"\n');
    expect(readGoWork("go.work", text).uses).toEqual(["my services/billing"]);
  });

  test("a module that is there is not listed again", () => {
    const text = "go 1.22\n\nuse (\n\t./services/billing/\n)\n";
    expect(readGoWork("go.work", text).uses).toEqual([added]);
    expect(withGoModule("go.work", text, added, "1.27.0", false)).toBe(text.replace("1.22", "1.27.0"));
  });

  test.each(["use (\n\t./a\n", "module x\n", "go\n", 'use "./a\n', "<<<<<<< HEAD\n"])("%j is refused", (text) => {
    expect(() => readGoWork("go.work", text)).toThrow(/^go.work cannot be read: /);
  });
});

describe("package.json", () => {
  test.each([
    [
      "lines",
      '{\n  "name": "root",\n  "workspaces": [\n    "b",\n    "a"\n  ],\n  "private": true\n}\n',
      '{\n  "name": "root",\n  "workspaces": [\n    "b",\n    "a",\n    "services/billing"\n  ],\n  "private": true\n}\n',
    ],
    ["one line", '{ "workspaces": ["b","a"], "x":1 }', '{ "workspaces": ["b","a", "services/billing"], "x":1 }'],
    [
      "an object",
      '{"workspaces":{"packages":["a"],"nohoist":[]}}',
      '{"workspaces":{"packages":["a", "services/billing"],"nohoist":[]}}',
    ],
    [
      "tabs and CRLF",
      '{\r\n\t"workspaces": [\r\n\t\t"a"\r\n\t]\r\n}\r\n',
      '{\r\n\t"workspaces": [\r\n\t\t"a",\r\n\t\t"services/billing"\r\n\t]\r\n}\r\n',
    ],
    ["a byte-order mark", '\ufeff{"workspaces":["a"]}', '\ufeff{"workspaces":["a", "services/billing"]}'],
    ["an empty list", '{ "workspaces": [], "x": 1 }\n', '{ "workspaces": ["services/billing"], "x": 1 }\n'],
  ])("%s", (_what, before, after) => {
    expect(withPackage("package.json", before, added)).toBe(after);
    expect(readPackageJson("package.json", after).workspaces).toContain(added);
  });

  test.each(["{", "[]", '{"workspaces": [1]}', '{ // no\n"workspaces": ["a"] }', ""])("%j is refused", (text) => {
    expect(() => readPackageJson("package.json", text)).toThrow(/^package.json cannot be read: /);
  });

  test("one without workspaces is no root", () => {
    expect(readPackageJson("package.json", '{"name":"a"}')).toEqual({
      name: "a",
      workspaces: undefined,
      packageManager: undefined,
    });
  });
});

describe("pnpm-workspace.yaml", () => {
  test.each([
    [
      "lines with comments",
      "# ours\npackages:\n  - b # first\n\n  # second\n  - a\n\ncatalog:\n   x:  1.0.0   # keep\n",
      "# ours\npackages:\n  - b # first\n\n  # second\n  - a\n  - services/billing\n\ncatalog:\n   x:  1.0.0   # keep\n",
    ],
    ["double quotes", 'packages:\n- "a"\n', 'packages:\n- "a"\n- "services/billing"\n'],
    ["single quotes, no last newline", "packages:\n  - 'a'", "packages:\n  - 'a'\n  - 'services/billing'"],
    ["a comment behind the last", "packages:\n  - a # c\nx: 1\n", "packages:\n  - a # c\n  - services/billing\nx: 1\n"],
    ["CRLF", "packages:\r\n  - a\r\nx: 1\r\n", "packages:\r\n  - a\r\n  - services/billing\r\nx: 1\r\n"],
    ["a list on one line", "packages: [a, 'b'] # c\n", "packages: [a, 'b', 'services/billing'] # c\n"],
    ["an empty list", "packages: []\n", 'packages: ["services/billing"]\n'],
  ])("%s", (_what, before, after) => {
    expect(withPnpmPackage("pnpm-workspace.yaml", before, added)).toBe(after);
    expect(readPnpmWorkspace("pnpm-workspace.yaml", after)).toContain(added);
  });

  test.each(["packages: 3\n", "packages:\n  - [a]\n", "a: [\n", "- a\n"])("%j is refused", (text) => {
    expect(() => readPnpmWorkspace("pnpm-workspace.yaml", text)).toThrow(/^pnpm-workspace.yaml cannot be read: /);
  });

  test.each(["", "# nothing\n", "onlyBuiltDependencies: [a]\n"])("%j lists no packages", (text) => {
    expect(readPnpmWorkspace("pnpm-workspace.yaml", text)).toBeUndefined();
  });
});

test.each([
  [["services/*"], "covered"],
  [["services/**"], "covered"],
  [["./services/billing"], "covered"],
  [["packages/*"], "open"],
  [["services/*", "!services/billing"], "excluded"],
  [["!services/billing", "services/*"], "excluded"],
  [["services/*", "!**/test/**"], "covered"],
  [["!services/billing"], "excluded"],
])("%j says %s", (patterns, says) => {
  expect(coverage(patterns, added)).toBe(says);
});

test("npm reads its list in order", () => {
  expect(coverage(["!services/billing", "services/*"], added, true)).toBe("covered");
  expect(coverage(["services/*", "!services/billing"], added, true)).toBe("excluded");
});
