import path from "node:path";
import { openRepository } from "./change.ts";
import { rewrite } from "./edges/perform.ts";
import { readFiles } from "./edges/repository.ts";
import { manifestPath, manifestText, type Pending } from "./model/manifest.ts";
import { nearest } from "./nearest.ts";
import { Problem } from "./problem.ts";
import { hasMarkers } from "./update/text.ts";

export interface Resolution {
  /** Taken off the list. */
  readonly resolved: readonly string[];
  /** Missing, and recorded as removed on purpose. */
  readonly deleted: readonly string[];
  /** Those that still wait. */
  readonly pending: readonly Pending[];
}

/**
 * Takes files without markers off the pending list, and records named files that are missing as removed on purpose.
 * @param from the repository, or a folder inside it
 * @param named paths relative to `from`; every pending one when there is none
 * @throws Problem for a path that waits for nothing, or still carries markers
 */
export async function resolve(from: string, named: readonly string[], dryRun: boolean): Promise<Resolution> {
  const { folder, manifest } = openRepository(from);
  const paths = named.map((each) => path.relative(folder, path.resolve(from, each)).split(path.sep).join("/"));
  const waiting = manifest.pending.map(({ path: file }) => file);
  const known = Object.keys(manifest.files);
  const there = readFiles(folder, [...waiting, ...paths.filter((file) => known.includes(file))]);
  const marked = (file: string) => hasMarkers(there.get(file)?.content ?? "");
  for (const file of paths) {
    const missing = known.includes(file) && !there.has(file);
    if (!waiting.includes(file) && !missing) {
      throw new Problem(
        `${file} waits for nothing.`,
        `${nearest(file, waiting)}Name a file that does, or none for all.`,
      );
    }
    if (marked(file))
      throw new Problem(`${file} still has markers.`, "Look for <<<<<<< in it, and leave what is right.");
  }
  const chosen = named.length > 0 ? paths : waiting;
  const resolved = waiting.filter((file) => chosen.includes(file) && !marked(file));
  const deleted = chosen.filter((file) => known.includes(file) && !there.has(file));
  const pending = manifest.pending.filter(({ path: file }) => !resolved.includes(file));
  const removed = [...new Set([...(manifest.deleted ?? []), ...deleted])].sort();
  const { pending: _before, deleted: _removed, ...rest } = manifest;
  const next = manifestText({ ...rest, ...(removed.length > 0 ? { deleted: removed } : {}), pending });
  if (!dryRun && next !== manifestText(manifest)) {
    await rewrite(folder, new Map([[manifestPath, { content: next, executable: false, policy: "owned" }]]), []);
  }
  return { resolved, deleted, pending };
}
