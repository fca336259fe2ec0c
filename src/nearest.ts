import { closest, distance } from "fastest-levenshtein";

/** `Did you mean "money"? `, with its trailing space, or nothing when no candidate is near. */
export function nearest(given: string, candidates: readonly string[]): string {
  const candidate = closest(given, [...candidates]);
  return candidate !== undefined && distance(given, candidate) <= Math.max(2, given.length / 3)
    ? `Did you mean "${candidate}"? `
    : "";
}
