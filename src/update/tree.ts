import type { Manifest, Pending } from "../model/manifest.ts";
import { manifestPath } from "../model/manifest.ts";
import type { Tree, TreeFile } from "../model/tree.ts";
import { mergeFile } from "./file.ts";
import { type Labels, unify } from "./text.ts";

/** A file as the user has it; `content` is undefined when it is no text in UTF-8. */
export interface OwnFile {
  readonly content: string | undefined;
  readonly executable: boolean;
}

export interface Sides {
  /** What was emitted last. */
  readonly old: Tree;
  /** What would be emitted now. */
  readonly fresh: Tree;
  /** What is there, of the paths of both trees. */
  readonly mine: ReadonlyMap<string, OwnFile>;
}

export interface Manner {
  readonly labels: Labels;
  /** Recorded at creation: a file that is ours only then may have been emitted by an older version. */
  readonly recorded: Manifest["files"];
  /** Whether our migrations make way for those of another database. */
  readonly replacesMigrations: boolean;
  readonly hash: (text: string) => string;
  /** Whether a text is of its path's format; true for a path without a known one. */
  readonly parses: (path: string, text: string) => boolean;
}

export interface MergedTree {
  /** What has to be written, the manifest apart. */
  readonly writes: Tree;
  readonly removes: readonly string[];
  /** No longer selected, and edited: they stay, and are the user's from now on. */
  readonly kept: readonly string[];
  /** Removed by the user: they stay so. */
  readonly deleted: readonly string[];
  /** Lockfiles that may no longer fit: the user has touched them, or the manifest whose packages they lock. */
  readonly stale: readonly string[];
  readonly conflicts: readonly Pending[];
}

type Verdict =
  | { readonly write: string; readonly reason?: string }
  | { readonly remove: true }
  | { readonly keep: "kept" | "deleted" | "stale" }
  | { readonly reason: string }
  | undefined;

/** Merges two emissions with what the user has, file by file as its policy says. */
export function mergeTrees({ old, fresh, mine }: Sides, manner: Manner): MergedTree {
  const writes = new Map<string, TreeFile>();
  const removes: string[] = [];
  const lists = { kept: [] as string[], deleted: [] as string[], stale: [] as string[] };
  const conflicts: Pending[] = [];
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].filter((path) => path !== manifestPath).sort();
  for (const path of paths) {
    const [was, is, own] = [old.get(path), fresh.get(path), mine.get(path)];
    const verdict = verdictOf(path, was, is, own, manner);
    if (!verdict) continue;
    if ("remove" in verdict) removes.push(path);
    if ("keep" in verdict) lists[verdict.keep].push(path);
    if ("write" in verdict && is) {
      writes.set(path, { ...is, content: verdict.write, executable: own?.executable ?? is.executable });
      if (is.policy === "lock" && !isAsEmitted(manifestOf(path), old, mine)) lists.stale.push(path);
    }
    if ("reason" in verdict && verdict.reason) {
      conflicts.push({ path, base: manner.hash(was?.content ?? ""), reason: verdict.reason });
    }
  }
  return { writes, removes, ...lists, conflicts };
}

/** The file beside a lockfile that names the packages. */
function manifestOf(lockfile: string): string {
  return lockfile
    .replace(/Cargo\.lock$/, "Cargo.toml")
    .replace(/go\.sum$/, "go.mod")
    .replace(/package-lock\.json$/, "package.json");
}

function isAsEmitted(path: string, old: Sides["old"], mine: Sides["mine"]): boolean {
  const content = mine.get(path)?.content;
  return content !== undefined && unify(content) === old.get(path)?.content;
}

function verdictOf(
  path: string,
  was: TreeFile | undefined,
  is: TreeFile | undefined,
  own: OwnFile | undefined,
  manner: Manner,
): Verdict {
  const once = (was ?? is)?.policy === "once";
  if (once && !(manner.replacesMigrations && path.endsWith(".sql"))) return onceVerdict(was, is, own);
  if (!own) return missingVerdict(was, is);
  if (own.content === undefined)
    return is ? { reason: "it is no text in UTF-8, so that nothing could be merged into it" } : { keep: "kept" };
  const mine = unify(own.content);
  const untouched = was && (mine === was.content || (once && manner.hash(mine) === manner.recorded[path]?.hash));
  if (!is) return untouched ? { remove: true } : { keep: "kept" };
  if (mine === is.content) return undefined;
  if (!was) return { reason: "a file of yours stands where one of ours would have come; yours is left as it was" };
  if (once) return { write: is.content };
  if (is.policy === "lock") {
    if (was.content === is.content) return undefined;
    return untouched ? { write: is.content } : { keep: "stale" };
  }
  const merged = mergeFile(
    path,
    is.policy,
    { old: was.content, mine: own.content, fresh: is.content },
    manner.labels,
    manner.parses,
  );
  const reason = merged.conflict === "" ? {} : { reason: merged.conflict };
  if (merged.text !== own.content) return { write: merged.text, ...reason };
  return merged.conflict === "" ? undefined : { reason: merged.conflict };
}

/** Ours only at creation: written where there is none, and never touched again. */
function onceVerdict(was: TreeFile | undefined, is: TreeFile | undefined, own: OwnFile | undefined): Verdict {
  if (!is) return undefined;
  if (!was) {
    if (!own) return { write: is.content };
    const fits = own.content !== undefined && unify(own.content) === is.content;
    return fits
      ? undefined
      : { reason: "a file of yours stands where one of ours would have come; yours is left as it was" };
  }
  return own ? undefined : { keep: "deleted" };
}

function missingVerdict(was: TreeFile | undefined, is: TreeFile | undefined): Verdict {
  if (!is) return undefined;
  return was ? { keep: "deleted" } : { write: is.content };
}
