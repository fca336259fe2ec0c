import path from "node:path";
import type { Edit, Workspace } from "../../model/workspace.ts";
import { Problem } from "../../problem.ts";
import { realPlace } from "../real-place.ts";
import { foldersAbove, has, slashed, textOf } from "./places.ts";

const why = "the service's own workflow";

/**
 * What is new at the root of the repository around a service.
 * @param atRoot path from the service → text
 * @throws Problem when something else stands there already
 */
export function added(target: string, atRoot: ReadonlyMap<string, string>): Edit[] {
  return [...atRoot].flatMap(([file, after]): Edit[] => {
    const place = path.resolve(realPlace(target), file);
    const there = textOf(place);
    if (there === after) return [];
    if (has(place)) {
      throw new Problem(
        `${place} is there already, and the service's own workflow has to go there.`,
        "Move it away, give the service another name with --name, or leave --ci out.",
      );
    }
    return [{ path: file, after, why }];
  });
}

export interface Refreshed {
  readonly edits: readonly Edit[];
  /** Those that were edited, moved or removed, and stay so. */
  readonly kept: readonly string[];
}

/**
 * What a later change makes of the files at the root of the repository around a service.
 * @param recorded path from the service → hash of what was written there last
 * @throws Problem when something else stands where a new one has to go, or the service is no longer where it was
 */
export function refreshed(
  folder: string,
  workspace: Workspace | undefined,
  atRoot: ReadonlyMap<string, string>,
  recorded: Readonly<Record<string, string>>,
  hash: (text: string) => string,
): Refreshed {
  const edits: Edit[] = [];
  const kept: string[] = [];
  for (const [file, after] of atRoot) {
    const was = Object.hasOwn(recorded, file) ? recorded[file] : undefined;
    if (was === hash(after)) continue;
    refuseElsewhere(folder, workspace);
    const there = textOf(realPlace(folder), file);
    if (was === undefined) edits.push(...added(folder, new Map([[file, after]])));
    else if (there !== undefined && hash(there) === was) edits.push({ path: file, before: there, after, why });
    else if (there !== after) kept.push(file);
  }
  return { edits, kept };
}

/** What a manifest says of the world above it may not be so, or no longer. */
function refuseElsewhere(folder: string, workspace: Workspace | undefined): void {
  const target = realPlace(folder);
  const root = [...foldersAbove(target)].at(-1);
  if (root !== undefined && has(root, ".git") && slashed(root, target) === workspace?.place) return;
  throw new Problem(
    `The service is no longer in ${workspace?.place} of its repository, where its workflow is for.`,
    "Say in the workspace of .groundwork.json, at place, where it is now.",
  );
}
