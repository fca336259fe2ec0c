export const packageManagers = ["npm", "pnpm", "yarn", "berry", "bun"] as const;
export type PackageManager = (typeof packageManagers)[number];

/** The tools whose root file lists members. */
export const workspaceKinds = ["cargo", "go", ...packageManagers] as const;
export type WorkspaceKind = (typeof workspaceKinds)[number];

/** A root that has the repository as a member. */
export interface Membership {
  readonly kind: WorkspaceKind;
  /** The way up to the root, such as `../..`. */
  readonly root: string;
  /** The way down from it, such as `services/billing`. */
  readonly path: string;
  /** Whether Turborepo runs the tasks of its packages. */
  readonly turbo?: true;
  /** Whether Nx does, which takes every script of a package for a target. */
  readonly nx?: true;
}

/** How a repository sits in what is above it: plain data, enough to draw it again without looking there. */
export interface Workspace {
  /** The folder of a larger git repository that it is in, from that one's root, such as `services/billing`. */
  readonly place?: string;
  readonly memberOf: readonly Membership[];
  /** Kinds around it that it keeps out of and that would otherwise stop it from building. */
  readonly apartFrom: readonly ("cargo" | "go")[];
  /** Emitted paths that a root has for all its members; a folder ends in `/`. */
  readonly leavesOut: readonly string[];
  /** What it takes from a root's file instead of saying it itself: keys of `[workspace.package]`, `lints`, `biome`. */
  readonly inherits: readonly string[];
}

/** A change of one file outside the repository. */
export interface Edit {
  /** From the repository, with `/`, such as `../../go.work`. */
  readonly path: string;
  /** Absent when the file is new. */
  readonly before?: string;
  readonly after: string;
  readonly why: string;
}
