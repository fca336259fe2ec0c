const isData = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Merges data by key: objects member by member, lists as a sorted union, anything else must be equal.
 * @throws Error when two layers give one key different values.
 */
export function mergeData(one: object, other: object, at = ""): object {
  const merged: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    merged[key] = Object.hasOwn(one, key) ? mergeValue(merged[key], value, `${at}/${key}`) : value;
  }
  return merged;
}

function mergeValue(one: unknown, other: unknown, at: string): unknown {
  if (isData(one) && isData(other)) return mergeData(one, other, at);
  if (Array.isArray(one) && Array.isArray(other)) return [...new Set([...one, ...other])].sort();
  if (one === other) return one;
  throw new Error(`Two layers disagree on ${at}.`);
}
