const pattern =
  /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z-]{1,40}(?:\.[0-9A-Za-z-]{1,40}){0,5}))?$/;

/** Whether a text is an exact semantic version, and no range, tag or address. */
export function isVersion(text: string): boolean {
  return pattern.test(text);
}

/** Below 0 when the first version comes before the second, by the rules of semver.org. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  for (const place of [0, 1, 2]) {
    const difference = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length;
  for (let place = 0; place < Math.max(a.before.length, b.before.length); place++) {
    const order = compareParts(a.before[place], b.before[place]);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string) {
  const [, major, minor, patch, before] = pattern.exec(version) ?? [];
  return { numbers: [major, minor, patch].map(Number), before: before?.split(".") ?? [] };
}

/** Fewer parts come first, numbers before words. */
function compareParts(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? -1 : 1;
  const [a, b] = [one, other].map((part) => (/^\d+$/.test(part) ? Number(part) : undefined));
  if (a !== undefined && b !== undefined) return a - b;
  if (a !== undefined || b !== undefined) return a !== undefined ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
