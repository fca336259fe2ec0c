import fs from "node:fs";
import path from "node:path";
import { manifestPath } from "../model/manifest.ts";
import { Problem } from "../problem.ts";
import { longestManifest } from "../update/manifest.ts";
import type { OwnFile } from "../update/tree.ts";
import { asProblem, codeOf } from "./faults.ts";

/** More than any file that we emit, and less than what would fill the memory. */
const mostBytes = 8 * 1024 * 1024;

/**
 * The folder of the manifest: this one, or the nearest above it that has one.
 * @throws Problem when there is none
 */
export function findRepository(from: string): { readonly folder: string; readonly manifest: string } {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const manifest = readText(folder, manifestPath, longestManifest);
    if (manifest !== undefined) return { folder, manifest };
    if (path.dirname(folder) === folder) break;
  }
  throw new Problem(
    `There is no ${manifestPath} in ${from} or above it.`,
    "Run this inside a repository that groundwork has emitted; npx create-groundwork FOLDER emits one.",
  );
}

/**
 * What is there of some paths below a folder.
 * @throws Problem when one of them is reached through a link, or is no file
 */
export function readFiles(folder: string, paths: Iterable<string>): Map<string, OwnFile> {
  const files = new Map<string, OwnFile>();
  for (const name of paths) {
    const status = statusThrough(folder, name);
    if (!status) continue;
    if (!status.isFile()) throw new Problem(`${name} is no file.`, "Move it away, and run again.");
    files.set(name, { content: readText(folder, name, mostBytes), executable: (status.mode & 0o111) !== 0 });
  }
  return files;
}

/** Names in some folders, such as those of migrations; a folder that is not there has none. */
export function namesIn(folder: string, inside: string): string[] {
  try {
    return statusThrough(folder, inside)?.isDirectory() ? fs.readdirSync(path.join(folder, inside)) : [];
  } catch (error) {
    throw asProblem(error, path.join(folder, inside));
  }
}

/** @throws Problem for a link anywhere on the way: what is behind it is not this repository's. */
function statusThrough(folder: string, name: string): fs.Stats | undefined {
  let status: fs.Stats | undefined;
  let place = folder;
  for (const part of name.split("/")) {
    place = path.join(place, part);
    try {
      status = fs.lstatSync(place);
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
      throw asProblem(error, place);
    }
    if (status.isSymbolicLink()) {
      throw new Problem(
        `${path.relative(folder, place)} is a link, and nothing is written through one.`,
        "Put a file or a folder in its place, and run again.",
      );
    }
  }
  return status;
}

/** Undefined when it is not there, too long for what it is, or no text in UTF-8. */
function readText(folder: string, name: string, most: number): string | undefined {
  const place = path.join(folder, name);
  try {
    const status = fs.lstatSync(place);
    if (status.isSymbolicLink() && name === manifestPath) {
      throw new Problem(`${place} is a link.`, "Put the file itself in its place.");
    }
    if (!status.isFile()) return undefined;
    if (status.size > most) throw new Problem(`${place} is longer than ${most} bytes.`, "Move it away, and run again.");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fs.readFileSync(place));
  } catch (error) {
    if (codeOf(error) === "ERR_ENCODING_INVALID_ENCODED_DATA" || ["ENOENT", "ENOTDIR"].includes(codeOf(error)))
      return undefined;
    throw asProblem(error, place);
  }
}
