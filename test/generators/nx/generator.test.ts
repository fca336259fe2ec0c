import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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
