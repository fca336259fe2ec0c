import type { Policy } from "./tree.ts";
import type { Language } from "./verdict.ts";
import type { Workspace } from "./workspace.ts";

/** Every emitted repository answers to these six, one line each. */
export const commandNames = ["setup", "format-check", "lint", "test", "build", "start"] as const;
export type CommandName = (typeof commandNames)[number];
export type Commands = Readonly<Record<CommandName, string>>;

export const manifestPath = ".groundwork.json";

/** A file that waits for a person: what to look for in it, and the SHA-256 of what it was merged from. */
export interface Pending {
  readonly path: string;
  readonly base: string;
  readonly reason: string;
}

/** `.groundwork.json` in an emitted repository: what it was drawn from, and what was drawn. */
export interface Manifest {
  /** Version of create-groundwork that drew it. */
  readonly version: string;
  readonly answers: Readonly<Record<string, unknown>>;
  /** Pinned at creation: later changes never move it. */
  readonly language: Language;
  /** Resource → number of its migration, in the order in which they came. */
  readonly migrations: Readonly<Record<string, number>>;
  readonly commands: Commands;
  /** How it sits in the workspaces above it; absent when it stands alone. */
  readonly workspace?: Workspace;
  /** Path from the repository → SHA-256 of what was written there, at the root of a larger one. */
  readonly atRoot?: Readonly<Record<string, string>>;
  /** Path → whose the file is, and the SHA-256 of what was emitted. */
  readonly files: Readonly<Record<string, { readonly policy: Policy; readonly hash: string }>>;
  /** Files that the user removed, and that stay so. */
  readonly deleted?: readonly string[];
  /** Files with a conflict that nobody has resolved yet. */
  readonly pending: readonly Pending[];
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
