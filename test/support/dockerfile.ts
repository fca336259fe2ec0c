/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly keyword: string;
  /** `--from=build` → `{ from: "build" }`. */
  readonly flags: Readonly<Record<string, string>>;
  /** The words of an exec form, of a list of paths, or a shell's line as one. */
  readonly words: readonly string[];
}

export interface Stage {
  /** Name and tag of its base. */
  readonly image: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** Reads what emitted Dockerfiles have in them: no variables, no here-documents, no directives. */
export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const stages: { image: string; name: string; instructions: Instruction[] }[] = [];
  for (const line of lines.filter((each) => each.trim() !== "")) {
    const instruction = instructionOf(line);
    const [image = "", , name = ""] = instruction.words;
    if (instruction.keyword === "FROM") stages.push({ image, name, instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function instructionOf(line: string): Instruction {
  const [, keyword = "", flagged = "", rest = ""] = /^([A-Z]+)\s+((?:--\S+\s+)*)(.*)$/.exec(line) ?? [];
  const flags = flagged.split(/\s+/).flatMap((flag) => {
    const [, name, value] = /^--([a-z-]+)=(.*)$/.exec(flag) ?? [];
    return name === undefined ? [] : [[name, value ?? ""] as const];
  });
  return { keyword, flags: Object.fromEntries(flags), words: wordsOf(keyword, rest) };
}

function wordsOf(keyword: string, rest: string): string[] {
  const list = keyword === "HEALTHCHECK" ? rest.replace(/^CMD\s+/, "") : rest;
  if (list.startsWith("[")) return JSON.parse(list);
  return keyword === "RUN" ? [rest] : rest.split(/\s+/);
}

/** Whether a `.dockerignore` keeps a path out of the build: the last pattern counts that fits it or a folder above it. */
export function ignores(dockerignore: string): (path: string) => boolean {
  const patterns = dockerignore
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ keeps: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  return (path) => {
    const parts = path.split("/");
    const above = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    const last = patterns.findLast(({ pattern }) => above.some((each) => pattern.test(each)));
    return last !== undefined && !last.keeps;
  };
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\*\*\/|\*/g, (stars) => (stars === "*" ? "[^/]*" : "(?:.*/)?"));
  return new RegExp(`^${source}$`);
}
