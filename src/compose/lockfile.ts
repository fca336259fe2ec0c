/** Cargo compares a lockfile as text, and writes its packages sorted: a renamed package has to move to its place. */
export function sortCargoLock(text: string): string {
  const [head = "", ...packages] = text.split(/^(?=\[\[package\]\]$)/m);
  const keyed = packages.map((block) => ({ block: `${block.trimEnd()}\n`, key: keyOf(block) }));
  keyed.sort((a, b) => compare(a.key.name, b.key.name) || compare(a.key.version, b.key.version));
  return [head.trimEnd(), ...keyed.map(({ block }) => block.trimEnd())].join("\n\n").concat("\n");
}

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
