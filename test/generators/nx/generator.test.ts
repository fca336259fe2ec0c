import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { service } from "../../../generators/nx/service.ts";
import type { Tree } from "../../../generators/nx/tree.ts";
import { treeOf } from "../../support/emit.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "nx-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Keeps what is written; the modes beside it. */
function workspace(files: Readonly<Record<string, string>> = {}) {
  const written = new Map(Object.entries(files));
  const modes = new Map<string, number | undefined>();
  const tree: Tree = {
    root,
    exists: (place) => [...written.keys()].some((file) => file === place || file.startsWith(`${place}/`)),
    read: (file) => written.get(file) ?? null,
    write(file, content, options) {
      written.set(file, content);
      modes.set(file, options?.mode);
    },
    delete: (file) => void written.delete(file),
  };
  return { tree, written, modes };
}

test("all files of the repository go through the tree, as they are", async () => {
  const { tree, written } = workspace({ "nx.json": "{}" });
  await service(tree, { folder: "services/billing", language: "go", hardParts: ["stateful"] });
  const fresh = await treeOf({ name: "billing", language: "go", hard_parts: ["stateful"] });
  const emitted = [...written.keys()].filter((file) => file !== "nx.json");
  expect(emitted.sort()).toEqual([...fresh.keys()].map((file) => `services/billing/${file}`).sort());
  for (const [file, { content }] of fresh) {
    if (file !== ".groundwork.json") expect(written.get(`services/billing/${file}`)).toBe(content);
  }
});

test("the plugin is listed in nx.json once, and comments stay", async () => {
  const { tree, written } = workspace({ "nx.json": '{\n  // ours\n  "plugins": [\n    "@nx/js"\n  ]\n}\n' });
  await service(tree, { folder: "a", language: "go" });
  await service(tree, { folder: "b", language: "go" });
  expect(written.get("nx.json")).toBe(
    '{\n  // ours\n  "plugins": [\n    "@nx/js",\n    "create-groundwork/nx"\n  ]\n}\n',
  );
});

test.each([
  [{ folder: "../../evil" }, "is not inside"],
  [{ folder: "/evil" }, "is not inside"],
  [{ folder: "." }, "is not inside"],
  [{ folder: "out/evil" }, "is not inside"],
  [{ folder: "taken" }, "exists"],
  [{ folder: "new", language: "perl" }, "is not an option"],
  [{ folder: "New" }, "cannot name a crate"],
])("%j is refused, and nothing is written", async (options, says) => {
  symlinkSync(tmpdir(), path.join(root, "out"));
  const files = { "nx.json": "{}", "taken/file": "" };
  const { tree, written } = workspace(files);
  await expect(service(tree, options)).rejects.toThrow(says);
  expect(Object.fromEntries(written)).toEqual(files);
});

describe("a root that lists its members", () => {
  const onDisk = (files: Readonly<Record<string, string>>, below = root) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(below, file)), { recursive: true });
      writeFileSync(path.join(below, file), text);
    }
    return workspace({ "nx.json": "{}", ...files });
  };
  const pkg = (workspaces: readonly string[]) => `${JSON.stringify({ name: "acme", workspaces }, null, 2)}\n`;

  test.each([
    [
      "rust",
      { "Cargo.toml": '[workspace]\nmembers = ["crates/a"] # ours\n' },
      { "Cargo.toml": '[workspace]\nmembers = ["crates/a", "services/billing"] # ours\n' },
      ["Cargo.lock", "rust-toolchain.toml"],
    ],
    ["go", { "go.work": "go 1.27.4\n\nuse ./a\n" }, undefined, []],
    [
      "typescript",
      { "package.json": pkg(["packages/a"]) },
      { "package.json": pkg(["packages/a", "services/billing"]) },
      ["package-lock.json"],
    ],
    ["typescript", { "package.json": pkg(["services/*"]) }, { "package.json": pkg(["services/*"]) }, []],
    [
      "typescript",
      { "package.json": "{}", "pnpm-workspace.yaml": "packages:\n  - a # ours\n" },
      { "pnpm-workspace.yaml": "packages:\n  - a # ours\n  - services/billing\n" },
      ["package-lock.json"],
    ],
  ])("of a %s service gets it through the tree: %j", async (language, roots, after, leftOut) => {
    const { tree, written } = onDisk(roots);
    await service(tree, { folder: "services/billing", language });
    const now = Object.fromEntries(Object.keys(roots).map((file) => [file, written.get(file)]));
    if (after) expect(now).toMatchObject(after);
    else expect(now["go.work"]).toContain("./services/billing");
    for (const file of leftOut) expect(written.has(`services/billing/${file}`), file).toBe(false);
    expect(JSON.parse(written.get("services/billing/.groundwork.json") ?? "").workspace.memberOf).toHaveLength(1);
  });

  test("above Nx's own is left alone, and the run refused", async () => {
    const nested = path.join(root, "nx");
    mkdirSync(nested);
    onDisk({ "Cargo.toml": "[workspace]\nmembers = []\n" });
    const { tree, written } = workspace({ "nx.json": "{}" });
    const refused = service({ ...tree, root: nested }, { folder: "services/billing", language: "rust" });
    await expect(refused).rejects.toThrow("Cargo.toml would have to be written for the service, and is not inside");
    expect(Object.fromEntries(written)).toEqual({ "nx.json": "{}" });
  });

  test("through a link from outside of Nx's own is left alone, and the run refused", async () => {
    const nested = path.join(root, "nx");
    const { tree } = onDisk({ "Cargo.toml": "[workspace]\nmembers = []\n" });
    mkdirSync(nested);
    symlinkSync("../Cargo.toml", path.join(nested, "Cargo.toml"));
    const refused = service({ ...tree, root: nested }, { folder: "services/billing", language: "rust" });
    await expect(refused).rejects.toThrow("would have to be written for the service, and is not inside");
  });

  test("and that another generator has changed in the tree is not written over", async () => {
    const { tree, written } = onDisk({ "Cargo.toml": "[workspace]\nmembers = []\n" });
    await service(tree, { folder: "services/billing", language: "rust" });
    const before = Object.fromEntries(written);
    await expect(service(tree, { folder: "services/orders", language: "rust" })).rejects.toThrow("not written yet");
    expect(Object.fromEntries(written)).toEqual(before);
  });
});
