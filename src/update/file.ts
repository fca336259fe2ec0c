import type { Policy } from "../model/tree.ts";
import { type Clash, type DataFormat, json, mergeByKey, same, toml } from "./data.ts";
import { goMod } from "./go-mod.ts";
import { type Labels, mergeText, unify } from "./text.ts";

/** What has to be written into one file that ours and theirs both may have changed. */
export interface MergedFile {
  /** The file's new text; the user's own where it stays. */
  readonly text: string;
  /** Why a person has to look at it; "" when nobody has to. */
  readonly conflict: string;
}

const formats: readonly (readonly [RegExp, DataFormat])[] = [
  [/\.jsonc?$/, json],
  [/\.toml$/, toml],
  [/(^|\/)go\.mod$/, goMod],
];

/** The reader of a path's format, for the formats that are merged by key. */
export function formatOf(path: string): DataFormat | undefined {
  return formats.find(([pattern]) => pattern.test(path))?.[1];
}

export interface Sides {
  readonly old: string;
  readonly mine: string;
  readonly fresh: string;
}

/**
 * Merges one file that is there in all three.
 * @param parses whether a text is of its path's format; true for one without a known format
 */
export function mergeFile(
  path: string,
  policy: Policy,
  { old, mine, fresh }: Sides,
  labels: Labels,
  parses: (path: string, text: string) => boolean,
): MergedFile {
  const asWritten = unify(mine);
  if (asWritten === unify(fresh) || old === fresh) return { text: mine, conflict: "" };
  if (asWritten === unify(old)) return { text: mine === asWritten ? fresh : crlf(fresh), conflict: "" };
  const format = policy === "data" ? formatOf(path) : undefined;
  const merged = format ? mergeData(format, { old, mine, fresh }, labels) : mergeLines({ old, mine, fresh }, labels);
  if (merged.text === mine || parses(path, merged.text)) return merged;
  return {
    text: mine,
    conflict: "both changed it, and put together it would not parse any more; yours is left as it was",
  };
}

const crlf = (text: string) => text.replaceAll("\n", "\r\n");

function mergeLines({ old, mine, fresh }: Sides, labels: Labels): MergedFile {
  const { text, conflicts } = mergeText(old, mine, fresh, labels);
  const places = conflicts === 1 ? "one place" : `${conflicts} places`;
  return { text, conflict: conflicts === 0 ? "" : `both changed ${places}; look for <<<<<<<` };
}

/** By lines where that says the same, because it brings our comments along; else key by key into the user's text. */
function mergeData(format: DataFormat, sides: Sides, labels: Labels): MergedFile {
  let was: unknown;
  let is: unknown;
  try {
    [was, is] = [format.read(sides.old), format.read(sides.mine)];
  } catch {
    return { text: sides.mine, conflict: "it does not parse, so that nothing could be merged into it" };
  }
  const { value, clashes } = mergeByKey(was, is, format.read(sides.fresh));
  const says = (text: string) => same(readOr(format, text), value);
  const conflict = clashes.map(clashText).join("; ");
  const lines = mergeText(sides.old, sides.mine, sides.fresh, labels);
  if (lines.conflicts === 0 && says(lines.text)) return { text: lines.text, conflict };
  const written = writtenOr(format, sides.mine, is, value);
  if (says(written)) return { text: written, conflict };
  return {
    text: sides.mine,
    conflict: "what changed could not be written into it key by key; yours is left as it was",
  };
}

function readOr(format: DataFormat, text: string): unknown {
  try {
    return format.read(text);
  } catch {
    return undefined;
  }
}

function writtenOr(format: DataFormat, text: string, from: unknown, to: unknown): string {
  try {
    const written = format.write(unify(text), from, to);
    return text.includes("\r\n") ? crlf(written) : written;
  } catch {
    return text;
  }
}

function clashText({ at, mine, fresh }: Clash): string {
  const shown = (value: unknown) => (value === undefined ? "removed" : JSON.stringify(value)?.slice(0, 120));
  return `${at.join(".")}: yours is ${shown(mine)}, ours is now ${shown(fresh)}; yours is kept`;
}
