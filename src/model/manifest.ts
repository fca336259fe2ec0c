import type { Policy } from "./tree.ts";
import type { Workspace } from "./workspace.ts";

/** Every emitted repository answers to these six, one line each. */
export const commandNames = ["setup", "format-check", "lint", "test", "build", "start"] as const;
export type CommandName = (typeof commandNames)[number];
export type Commands = Readonly<Record<CommandName, string>>;

export const manifestPath = ".groundwork.json";

/** `.groundwork.json` in an emitted repository: what it was drawn from, and what was drawn. */
export interface Manifest {
  /** Version of create-groundwork that drew it. */
  readonly version: string;
  readonly answers: Readonly<Record<string, unknown>>;
  /** Pinned at creation: later changes never move it. */
  readonly language: string;
  readonly commands: Commands;
  /** How it sits in the workspaces above it; absent when it stands alone. */
  readonly workspace?: Workspace;
  /** Path → whose the file is, and the SHA-256 of what was emitted. */
  readonly files: Readonly<Record<string, { readonly policy: Policy; readonly hash: string }>>;
  /** Paths with a conflict that nobody has resolved yet. */
  readonly pending: readonly string[];
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
