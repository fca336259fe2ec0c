/** Cargo compares a lockfile as text, and writes its packages sorted: a renamed package has to move to its place. */
export function sortCargoLock(text: string): string {
  const [head = "", ...packages] = text.split(/^(?=\[\[package\]\]$)/m);
  const keyed = packages.map((block) => ({ block: `${block.trimEnd()}\n`, key: keyOf(block) }));
  keyed.sort((a, b) => compare(a.key.name, b.key.name) || compare(a.key.version, b.key.version));
  return [head.trimEnd(), ...keyed.map(({ block }) => block.trimEnd())].join("\n\n").concat("\n");
}

interface NpmLock {
  readonly packages?: Readonly<Record<string, object>>;
}

/** A package-lock.json as npm writes it, with its packages in the order of English. */
export function npmLockText(lock: NpmLock): string | undefined {
  if (lock.packages === undefined) return undefined;
  const { "": root = {}, ...packages } = lock.packages;
  const dependencies = Object.entries(root).map(([key, value]) => [
    key,
    key.endsWith("Dependencies") ? sorted(value) : value,
  ]);
  const text = { ...lock, packages: { "": Object.fromEntries(dependencies), ...sorted(packages) } };
  return `${JSON.stringify(text, null, 2)}\n`;
}

/** What a lockfile has more by a feature, to be merged with any that is made without it. */
export function additions(before: object, after: object): object {
  const known = new Map(Object.entries(before));
  const added = Object.entries(after).flatMap(([key, value]): [string, unknown][] => {
    const old: unknown = known.get(key);
    if (old === undefined) return [[key, value]];
    if (typeof value !== "object" || value === null || typeof old !== "object" || old === null) return [];
    const inside = additions(old, value);
    return Object.keys(inside).length > 0 ? [[key, inside]] : [];
  });
  return Object.fromEntries(added);
}

const sorted = (record: object) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b, "en")));

/** Names of all packages in a Cargo.lock. */
export function packagesIn(text: string): string[] {
  return text
    .split(/^(?=\[\[package\]\]$)/m)
    .slice(1)
    .map((block) => keyOf(block).name);
}

function keyOf(block: string): { name: string; version: string } {
  const [, name = "", version = ""] = /^name = "(.*)"\nversion = "(.*)"$/m.exec(block) ?? [];
  return { name, version };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
