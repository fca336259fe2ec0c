import fs from "node:fs";
import path from "node:path";
import { coverage, plain } from "./globs.ts";

/** A path from one folder to another as it is written in files: with `/`. */
export function slashed(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join("/");
}

/** The folders above a target, nearest first, up to the one that holds the repository. */
export function* foldersAbove(target: string): Iterable<string> {
  let folder = target;
  while (!fs.existsSync(path.join(folder, ".git")) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
    yield folder;
  }
}

/** The text of a file, or nothing when there is none. */
export function textOf(...parts: string[]): string | undefined {
  try {
    return fs.readFileSync(path.join(...parts), "utf8");
  } catch {
    return undefined;
  }
}

export const has = (...parts: string[]) => fs.existsSync(path.join(...parts));

/** No member is looked for in what tools make, or deeper than anyone nests one. */
const passed = new Set([".git", "node_modules", "target", "vendor"]);
const deepest = 6;

/** Folders below a root that hold a file and that its list covers. */
export function membersOf(root: string, patterns: readonly string[], file: string): string[] {
  const spelled = patterns.map(plain).filter((pattern) => !/[*?[{(!]/.test(pattern));
  const found = spelled.filter((folder) => has(root, folder, file));
  if (spelled.length < patterns.length) found.push(...walk(root, "", 0));
  return [...new Set(found)];

  function walk(above: string, inside: string, depth: number): string[] {
    if (depth > deepest) return [];
    return fs.readdirSync(above, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory() || passed.has(entry.name)) return [];
      const folder = inside === "" ? entry.name : `${inside}/${entry.name}`;
      const place = path.join(above, entry.name);
      const isMember = coverage(patterns, folder) === "covered" && has(place, file);
      return [...(isMember ? [folder] : []), ...walk(place, folder, depth + 1)];
    });
  }
}
