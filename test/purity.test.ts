import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../src");

const sources = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file));

const importsOf = (file: string) =>
  [...readFileSync(path.join(root, file), "utf8").matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)"/gm)].map(
    (match) => match[1] ?? "",
  );

const pure = ["model", "decide", "compose", "interview", "update"].flatMap(sources);

test("the pure folders are not empty", () => {
  expect(pure.length).toBeGreaterThan(15);
});

test.each(pure)("%s touches no file, clock, chance, environment or terminal", (file) => {
  const source = readFileSync(path.join(root, file), "utf8");
  expect(importsOf(file).filter((name) => /^(node:|fs-extra|execa|prompts|plop)|\/(edges|cli)\//.test(name))).toEqual(
    [],
  );
  expect(source).not.toMatch(/\b(Date\.now|new Date\(\)|Math\.random|process\.|performance\.|import\()/);
});

test.each(sources("model"))("%s imports nothing at run time", (file) => {
  const source = readFileSync(path.join(root, file), "utf8");
  const atRunTime = [...source.matchAll(/^import (?!type\b)[^;]*?from\s+"([^"]+)"/gm)].map((match) => match[1]);
  expect(atRunTime).toEqual([]);
});

test.each(["prompts", "fs-extra", "execa", "yaml"])("%s is used by the edges only", (library) => {
  const users = sources(".").filter((file) => importsOf(file).includes(library));
  expect(users.length).toBeGreaterThan(0);
  expect(users.filter((file) => !file.startsWith("edges"))).toEqual([]);
});

test("no command loads plop", () => {
  expect(sources(".").filter((file) => importsOf(file).some((name) => /plop/.test(name)))).toEqual([]);
});
