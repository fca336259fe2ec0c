/** One version that a `pins.yaml` holds, with what its comments say of it. */
export interface Pin {
  /** As layers name it. */
  readonly key: string;
  readonly version: string;
  /** Where its versions are told, in the words of an update bot: `crate`, `npm`, `go` or another. */
  readonly datasource: string;
  /** Its name there. */
  readonly name: string;
  /** Why it does not simply follow the newest, and the major version that it stays in; without one it does not move at all. */
  readonly hold?: { readonly reason: string; readonly within?: string };
}

const entry = /((?:^#.*\n)*)^"?([^\s"#]+)"?: "([^"]+)"$/gm;

/**
 * Reads the pins of a file. `# renovate: datasource=npm depName=x` says where a version comes from (`packageName=` where its name there
 * differs), `# hold: reason` that it stays, and `# hold within 24: reason` that its first number stays.
 * @throws Error for a pin of which nothing says where it comes from
 */
export function pinsIn(text: string): Pin[] {
  return [...text.matchAll(entry)].map(([, comments = "", key = "", version = ""]) => {
    const datasource = /datasource=(\S+)/.exec(comments)?.[1];
    const name = /packageName=(\S+)/.exec(comments)?.[1] ?? /depName=(\S+)/.exec(comments)?.[1];
    if (!datasource || !name) throw new Error(`Nothing says where "${key}" comes from.`);
    const [, within, reason] = /^# hold(?: within (\d+))?: (.+)$/m.exec(comments) ?? [];
    return { key, version, datasource, name, ...(reason && { hold: { reason, ...(within && { within }) } }) };
  });
}

/** The file's text with one pin moved; everything else stays as it is. */
export function moved(text: string, key: string, to: string): string {
  return text.replace(entry, (whole, _comments, found: string, version: string) =>
    found === key ? whole.replace(`"${version}"`, `"${to}"`) : whole,
  );
}

/** Whether a version is later than another: by its numbers, as neither is a prerelease. */
export function isNewer(one: string, than: string): boolean {
  const [a, b] = [numbersOf(one), numbersOf(than)];
  const differs = a.findIndex((number, place) => number !== (b[place] ?? 0));
  return differs >= 0 && (a[differs] ?? 0) > (b[differs] ?? 0);
}

/** The newest of some versions that is no prerelease, and starts with a number where one is asked for. */
export function newestOf(versions: readonly string[], within?: string): string | undefined {
  return versions
    .filter((version) => /^v?\d+(\.\d+)*$/.test(version))
    .filter((version) => within === undefined || version.replace(/^v/, "").split(".")[0] === within)
    .reduce<string | undefined>((best, each) => (best === undefined || isNewer(each, best) ? each : best), undefined);
}

const numbersOf = (version: string) => version.replace(/^v/, "").split(".").map(Number);

/** The indirect requirements of a template of a go.mod as `go mod tidy` has left them; those that are pins stay names. */
export function goModTemplate(template: string, tidied: string, pinned: ReadonlySet<string>): string {
  const indirect = [...tidied.matchAll(/^\t?(?:require )?(\S+) (v\S+) \/\/ indirect$/gm)].map(
    ([, path = "", version]) => ({
      path,
      line: `\t${path} ${version} // indirect`,
    }),
  );
  const [block = ""] = /^require \(\n[\s\S]*?^\)$/m.exec(template) ?? [];
  const [each] = /^\{\{#each[\s\S]*?^\{\{\/each\}\}$/m.exec(block) ?? [];
  const lines = indirect.map(({ path, line }) => (pinned.has(path) ? (each ?? line) : line));
  return template.replace(block, () => ["require (", ...new Set(lines), ")"].join("\n"));
}

/** `hashbrown 0.17.1 -> 0.17.2`: how two texts of a Cargo.lock, a package-lock.json or a go.sum differ; a package may be there twice. */
export function lockMoves(before: string, after: string): string[] {
  const [was, is] = [lockedIn(before), lockedIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const [from, to] = [was.get(name) ?? [], is.get(name) ?? []].map((versions) =>
      [...new Set(versions)].join(" and "),
    );
    return from === to ? [] : [`${name} ${from || "none"} -> ${to || "none"}`];
  });
}

const locked = [
  /^name = "(.+)"\nversion = "(.+)"$/gm,
  /^ {4}"node_modules\/(.+)": \{\n {6}"version": "(.+)"/gm,
  /^(\S+) (v[^\s/]+) h1:/gm,
];

function lockedIn(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name = "", version = ""] of locked.flatMap((pattern) => [...text.matchAll(pattern)])) {
    found.set(name, [...(found.get(name) ?? []), version]);
  }
  return found;
}
