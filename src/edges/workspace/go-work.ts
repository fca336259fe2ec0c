import { isAtLeast } from "../../compose/toolchains.ts";
import { plain } from "./globs.ts";
import { unreadable } from "./unreadable.ts";

/** One line of a go.work, as far as an edit has to know it. */
interface Line {
  readonly text: string;
  /** `use`, `go` … whether the line stands alone or in a block. */
  readonly verb: string;
  readonly args: readonly string[];
  readonly place: "alone" | "opens" | "inside" | "closes";
}

const verbs = ["go", "toolchain", "use", "replace", "godebug"];

/** @throws Problem when the file cannot be read */
export function readGoWork(file: string, text: string): { readonly go: string | undefined; readonly uses: string[] } {
  const lines = linesOf(file, text);
  return {
    go: lines.find(({ verb }) => verb === "go")?.args[0],
    uses: lines.filter((line) => line.verb === "use" && line.args.length > 0).map(({ args }) => plain(args[0] ?? "")),
  };
}

/**
 * The file with one module more, unless it is there, and with a `go` line that its members' are not above, as
 * `go work use` leaves it: a `toolchain` line that is lower than that goes.
 */
export function withGoModule(file: string, text: string, folder: string, go: string, isNew = true): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const up = raised(file, text, go);
  if (!isNew) return up;
  const lines = linesOf(file, up);
  const use = `./${folder}`;
  const spelled = /^[^\s"'`(),]+$/.test(use) && !use.includes("//") ? use : JSON.stringify(use);
  const inBlock = lines.findLastIndex(({ verb, place }) => verb === "use" && (place === "inside" || place === "opens"));
  const alone = lines.findLastIndex(({ verb, place }) => verb === "use" && place === "alone");
  const added = [...lines.map((line) => line.text)];
  if (inBlock >= 0) added.splice(inBlock + 1, 0, `${indentOf(lines[inBlock])}${spelled}`);
  else if (alone >= 0) added.splice(alone + 1, 0, `use ${spelled}`);
  else {
    while (added.at(-1)?.trim() === "") added.pop();
    added.push(...(added.length > 0 ? [""] : []), `use ${spelled}`, "");
  }
  return added.join(end);
}

/** A list of modules is indented by a tab, unless its own is not. */
const indentOf = (line: Line | undefined) => (line?.place === "inside" ? (/^\s*/.exec(line.text)?.[0] ?? "") : "\t");

function raised(file: string, text: string, go: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = linesOf(file, text);
  const said = lines.find(({ verb }) => verb === "go")?.args[0];
  if (said === undefined) return `go ${go}${end}${end}${text}`;
  if (isAtLeast(said, go)) return text;
  const isLower = ({ verb, args }: Line) => verb === "toolchain" && !isAtLeast((args[0] ?? "").replace(/^go/, ""), go);
  const kept = lines.flatMap((line, index) => {
    if (line.verb === "go") return [line.text.replace(said, go)];
    if (isLower(line)) return [];
    const isGap = line.text.trim() === "" && isLower(lines[index - 1] ?? line) && lines[index - 2]?.text.trim() === "";
    return isGap ? [] : [line.text];
  });
  return kept.join(end);
}

/** A go.work is lines: a verb with arguments, or a block of them; `//` starts a comment outside a quoted text. */
function linesOf(file: string, text: string): Line[] {
  let block: string | undefined;
  const lines = text.split(/\r?\n/).map((line, index): Line => {
    const words = wordsOf(line);
    const fault = () => unreadable(file, `line ${index + 1} is "${line.trim()}"`);
    if (words === undefined) throw fault();
    if (block !== undefined) {
      if (words[0] === ")") {
        const verb = block;
        block = undefined;
        return { text: line, verb, args: [], place: "closes" };
      }
      return { text: line, verb: block, args: words, place: "inside" };
    }
    const [verb = "", ...args] = words;
    if (verb !== "" && (!verbs.includes(verb) || args.length === 0)) throw fault();
    if (args[0] === "(" && args.length === 1) {
      block = verb;
      return { text: line, verb, args: [], place: "opens" };
    }
    return { text: line, verb, args, place: "alone" };
  });
  if (block !== undefined) throw unreadable(file, `the block "${block} (" is not closed`);
  return lines;
}

/** @returns nothing when a quoted text does not end */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "" && !rest.startsWith("//")) {
    const word = /^("(?:[^"\\]|\\.)*"|`[^`]*`|[()]|(?:(?!\/\/)[^\s"`()])+)/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    words.push(/^["`]/.test(word) ? word.slice(1, -1) : word);
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}
