import type { Language } from "./verdict.ts";

/** A program that somebody needs who works on an emitted repository. */
export interface Tool {
  readonly name: string;
  /** Prints the version, and does nothing else. */
  readonly command: readonly [string, ...string[]];
  /** The oldest that will do. */
  readonly least: string;
  /** The same where it may not fetch a newer one of itself. */
  readonly leastAlone?: string;
  /** The languages that need it; none when every repository does. */
  readonly languages: readonly Language[];
  /** How to get it, in a line. */
  readonly get: string;
}
