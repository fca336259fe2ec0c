import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { treeOf } from "../support/emit.ts";

/** What an audit can tell without a network: that all is fetched from where it should be, by its hash, and runs nothing as it is installed. */
const root = path.join(import.meta.dirname, "../..");

const lockfiles = (name: string) =>
  readdirSync(path.join(root, "templates"), { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === name)
    .map((file) => `templates/${file}`);

interface Package {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

function packagesOf(file: string): [string, Package][] {
  const { packages } = JSON.parse(readFileSync(path.join(root, file), "utf8")) as { packages: Record<string, Package> };
  return Object.entries(packages).filter(([name]) => name !== "");
}

describe.each(["package-lock.json", ...lockfiles("package-lock.json")])("%s", (file) => {
  test("has a strong hash for every package, and only packages of the registry", () => {
    const loose = packagesOf(file).filter(
      ([, { integrity, resolved = "https://", link, inBundle }]) =>
        !inBundle && (link || !integrity?.startsWith("sha512-") || !/^https:/.test(resolved)),
    );
    expect(packagesOf(file).length).toBeGreaterThan(20);
    expect(loose.map(([name]) => name)).toEqual([]);
  });
});

test.each(lockfiles("package-lock.json"))("nothing in %s runs as it is installed", (file) => {
  expect(packagesOf(file).filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
});

test.each(["sqlite", "postgres"])("on %s a feature's own packages are locked beside the others", async (database) => {
  const tree = await treeOf({ language: "typescript", database, footprint: "tight" });
  const read = (file: string) => JSON.parse(tree.get(file)?.content ?? "");
  const { dependencies, devDependencies } = read("package.json");
  const { "": asked, ...packages } = read("package-lock.json").packages as Record<string, object>;
  expect(asked).toMatchObject({ dependencies, devDependencies });
  for (const name of Object.keys(devDependencies)) expect(Object.keys(packages)).toContain(`node_modules/${name}`);
  expect(Object.keys(packages)).toEqual(Object.keys(packages).sort((a, b) => a.localeCompare(b, "en")));
});

test.each(lockfiles("Cargo.lock"))("%s has a checksum for every crate, all from crates.io", (file) => {
  const blocks = readFileSync(path.join(root, file), "utf8").split("[[package]]").slice(1);
  const loose = blocks.filter(
    (block) =>
      !block.includes('source = "registry+https://github.com/rust-lang/crates.io-index"') ||
      !/^checksum = "[0-9a-f]{64}"$/m.test(block),
  );
  expect(blocks.length).toBeGreaterThan(100);
  expect(loose.map((block) => /name = "(.+)"/.exec(block)?.[1])).toEqual(["depot-service"]);
});

test.each(lockfiles("go.sum"))("%s has a hash of every module", (file) => {
  const lines = readFileSync(path.join(root, file), "utf8").trim().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((line) => !/^\S+ v\S+ h1:[A-Za-z0-9+/]{43}=$/.test(line))).toEqual([]);
});

test("the package asks for nothing when it is installed", () => {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});
