import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execaSync } from "execa";
import type { Release } from "./registry.ts";

export interface Released extends Release {
  /** The program of this release. */
  readonly program: string;
}

/**
 * Packs the tool under a version of its own.
 * @param packed the package as a user has it
 * @param edit changes the packed templates of a place, such as `shared`, as text
 */
export function release(
  packed: string,
  store: string,
  version: string,
  edit: (text: string, place: string) => string = (text) => text,
): Released {
  const folder = path.join(store, version);
  cpSync(packed, folder, { recursive: true });
  const current = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const rewrite = (file: string, change: (text: string) => string) =>
    writeFileSync(path.join(folder, file), change(readFileSync(path.join(folder, file), "utf8")));
  const manifest = { ...current, version };
  rewrite("package.json", () => JSON.stringify(manifest));
  for (const name of readdirSync(path.join(folder, "dist")).filter((each) => /^start-.*\.js$/.test(each))) {
    rewrite(`dist/${name}`, (text) => text.replace(`\`${current.version}\``, `\`${version}\``));
  }
  for (const name of readdirSync(path.join(folder, "dist/templates"))) {
    rewrite(`dist/templates/${name}`, (text) => edit(text, path.basename(name, ".json")));
  }
  const target = path.join(store, `${version}-packed`);
  mkdirSync(target);
  execaSync("npm", ["pack", "--ignore-scripts", "--pack-destination", target], { cwd: folder });
  return {
    manifest,
    tarball: path.join(target, `create-groundwork-${version}.tgz`),
    program: path.join(folder, "dist/cli.js"),
  };
}
