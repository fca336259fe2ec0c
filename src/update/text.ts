import { diff3Merge } from "node-diff3";

export interface Labels {
  readonly mine: string;
  readonly old: string;
  readonly new: string;
}

export interface MergedText {
  readonly text: string;
  /** How many places carry markers. */
  readonly conflicts: number;
}

/**
 * Merges what the user made of a text with what became of it here, line by line.
 * Where both changed one place, all three stand there between labelled markers, as `git merge` with zdiff3 writes them.
 * Line ends and the last newline are the user's.
 */
export function mergeText(old: string, mine: string, fresh: string, labels: Labels): MergedText {
  const ending = hasMostlyCrlf(mine) ? "\r\n" : "\n";
  const [a, o, b] = [mine, old, fresh].map(linesOf);
  const lines: string[] = [];
  let conflicts = 0;
  for (const { ok, conflict } of diff3Merge(a?.lines ?? [], o?.lines ?? [], b?.lines ?? [], {
    excludeFalseConflicts: true,
  })) {
    if (ok) lines.push(...ok);
    if (!conflict) continue;
    const marked = markedLines(conflict.a, conflict.o, conflict.b, labels);
    conflicts += marked.conflicts;
    lines.push(...marked.lines);
  }
  const ends = a?.ends === o?.ends ? b?.ends : a?.ends;
  const text = lines.join("\n") + (ends && lines.length > 0 ? "\n" : "");
  return { text: ending === "\r\n" ? text.replaceAll("\n", "\r\n") : text, conflicts };
}

/** Whether a text still carries a marker of a conflict; a lone row of equals signs is Markdown. */
export function hasMarkers(text: string): boolean {
  return /^(<{7}|>{7}|\|{7}) /m.test(text);
}

/** What is the same on both sides at the edges of a conflict is none. */
function markedLines(mine: readonly string[], old: readonly string[], fresh: readonly string[], labels: Labels) {
  let start = 0;
  while (start < mine.length && start < fresh.length && mine[start] === fresh[start]) start++;
  let end = 0;
  while (end < mine.length - start && end < fresh.length - start && mine.at(-1 - end) === fresh.at(-1 - end)) end++;
  const middle = (lines: readonly string[]) => lines.slice(start, lines.length - end);
  if (middle(mine).length === 0 && middle(fresh).length === 0) return { lines: mine, conflicts: 0 };
  const lines = [
    ...mine.slice(0, start),
    `<<<<<<< ${labels.mine}`,
    ...middle(mine),
    `||||||| ${labels.old}`,
    ...old,
    "=======",
    ...middle(fresh),
    `>>>>>>> ${labels.new}`,
    ...mine.slice(mine.length - end),
  ];
  return { lines, conflicts: 1 };
}

function linesOf(text: string): { readonly lines: string[]; readonly ends: boolean } {
  const unified = unify(text);
  const ends = unified.endsWith("\n");
  if (unified === "") return { lines: [], ends: true };
  return { lines: (ends ? unified.slice(0, -1) : unified).split("\n"), ends };
}

/** With the line ends that we write; a checkout on Windows may have turned them. */
export function unify(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function hasMostlyCrlf(text: string): boolean {
  const crlf = text.split("\r\n").length - 1;
  return crlf > 0 && crlf * 2 > text.split("\n").length - 1;
}
