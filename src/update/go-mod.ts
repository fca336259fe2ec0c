import type { DataFormat } from "./data.ts";

/** What a go.mod says, as far as we write it; replace, exclude and the like are the user's alone. */
interface GoMod {
  readonly module: string;
  readonly go: string;
  /** Module → version, and a comment such as `// indirect` behind it. */
  readonly require: Readonly<Record<string, string>>;
  readonly tool: Readonly<Record<string, true>>;
}

export const goMod: DataFormat = { read, write };

const words = new Set([
  "module",
  "go",
  "toolchain",
  "require",
  "replace",
  "exclude",
  "retract",
  "tool",
  "godebug",
  "ignore",
]);

interface Line {
  /** Directive that the line belongs to, or undefined for a comment or an empty line. */
  readonly directive?: string;
  readonly rest: string;
  readonly inBlock: boolean;
}

/** @throws Error for a line that is no directive and stands in no block of one */
function linesIn(text: string): Line[] {
  let block: string | undefined;
  const lines = text.split("\n").map((raw, index): Line => {
    const bare = raw.replace(/\r$/, "").trim();
    if (bare === "" || bare.startsWith("//")) return { rest: bare, inBlock: block !== undefined };
    if (block !== undefined) {
      if (bare === ")") {
        block = undefined;
        return { rest: bare, inBlock: false };
      }
      return { directive: block, rest: bare, inBlock: true };
    }
    const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(bare) ?? [];
    if (!words.has(word)) throw new Error(`not a go.mod, at line ${index + 1}`);
    if (rest === "(") {
      block = word;
      return { rest: bare, inBlock: false };
    }
    return { directive: word, rest, inBlock: false };
  });
  if (block !== undefined) throw new Error("not a go.mod: a block is not closed");
  return lines;
}

function read(text: string): GoMod {
  const require: Record<string, string> = Object.create(null);
  const tool: Record<string, true> = Object.create(null);
  const single = { module: "", go: "" };
  for (const { directive, rest } of linesIn(text)) {
    if (directive === "module" || directive === "go") single[directive] = rest;
    if (directive === "tool") tool[rest] = true;
    if (directive !== "require") continue;
    const [name = "", ...version] = rest.split(/\s+/);
    if (version.length === 0 || Object.hasOwn(require, name)) throw new Error(`not a go.mod: require ${rest}`);
    require[name] = version.join(" ");
  }
  return { ...single, require: { ...require }, tool: { ...tool } };
}

/** Changes the lines of what differs, and leaves every other as it is. */
function write(text: string, _from: unknown, to: unknown): string {
  const wanted = to as GoMod;
  const written = new Set<string>();
  const raw = text.split("\n");
  const lines = linesIn(text);
  const kept = raw.flatMap((line, index) => {
    const { directive, rest } = lines[index] ?? { rest: "" };
    if (directive === "go") return [line.replace(rest, wanted.go)];
    if (directive === "tool") return Object.hasOwn(wanted.tool, rest) ? [line] : [];
    if (directive !== "require") return [line];
    const [name = ""] = rest.split(/\s+/);
    const version = wanted.require[name];
    if (version === undefined) return [];
    written.add(name);
    return [line.replace(rest, `${name} ${version}`)];
  });
  const tools = new Set(lines.filter(({ directive }) => directive === "tool").map(({ rest }) => rest));
  const added = [
    ...Object.keys(wanted.tool)
      .filter((name) => !tools.has(name))
      .map((name) => `tool ${name}`),
    ...Object.entries(wanted.require)
      .filter(([name]) => !written.has(name))
      .map(([name, version]) => `require ${name} ${version}`),
  ];
  const body = kept
    .join("\n")
    .replace(/^(require|tool) \(\n\s*\)\n/gm, "")
    .replace(/\n{3,}/g, "\n\n");
  return added.length === 0 ? body : `${body.trimEnd()}\n\n${added.join("\n")}\n`;
}
