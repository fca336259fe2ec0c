import path from "node:path";
import { hasPipeline } from "../../compose/workspace.ts";
import type { Blueprint } from "../../model/blueprint.ts";
import type { Tree } from "../../model/tree.ts";
import type { Edit, Membership, Workspace } from "../../model/workspace.ts";
import { Problem } from "../../problem.ts";
import { realPlace } from "../real-place.ts";
import type { Coverage } from "./globs.ts";
import { foldersAbove, has, slashed } from "./places.ts";

/** What is above a target, as far as it concerns the service that goes there. */
export interface Survey {
  readonly workspace: Workspace | undefined;
  /** What takes it into its roots, given what is emitted. */
  edits(tree: Tree): Edit[];
  /** Sentences about what was found, for the one who runs it. */
  readonly notes: readonly string[];
}

/** What one kind of root says of a target. */
export interface Finding {
  readonly member?: Membership;
  readonly apart?: "cargo" | "go";
  readonly leavesOut?: readonly string[];
  readonly inherits?: readonly string[];
  readonly notes?: readonly string[];
  edits?(tree: Tree): Edit[];
}

/** What every kind is asked with. */
export interface Question {
  /** Absolute, with no link in it. */
  readonly target: string;
  readonly above: readonly string[];
  readonly blueprint: Blueprint;
  /** Whether the service is to take part. */
  readonly join: boolean;
}

const rootFiles = ["Cargo.toml", "go.work", "package.json", "pnpm-workspace.yaml"];

/**
 * Looks for the workspaces above a target, from its parent up to the root of the repository or of the disk.
 * @throws Problem when a root cannot be read, has a member of that name, or cannot be kept out of; nothing is written.
 */
export async function survey(folder: string, blueprint: Blueprint, join: boolean): Promise<Survey> {
  const target = realPlace(folder);
  const above = [...foldersAbove(target)];
  const top = above.at(-1);
  const place = top !== undefined && has(top, ".git") ? slashed(top, target) : undefined;
  const isAlone = !above.some((folder) => rootFiles.some((file) => has(folder, file)));
  if (isAlone && place === undefined) return nothing;
  const findings = isAlone ? [] : await found({ target, above, blueprint, join });
  const memberOf = findings.flatMap(({ member }) => member ?? []);
  const apartFrom = findings.flatMap(({ apart }) => apart ?? []);
  const shared: Workspace = {
    ...(place !== undefined && { place }),
    memberOf,
    apartFrom,
    leavesOut: findings.flatMap(({ leavesOut }) => leavesOut ?? []),
    inherits: findings.flatMap(({ inherits }) => inherits ?? []).sort(),
  };
  const isInside = memberOf.length > 0 || place !== undefined;
  const ofTheRepository = [...atItsRoot, ...(hasPipeline(blueprint.language, shared) ? [] : [".gitlab-ci.yml"])];
  const leavesOut = [...shared.leavesOut, ...(isInside ? ofTheRepository : [])].sort();
  return {
    workspace: isInside || apartFrom.length > 0 ? { ...shared, leavesOut } : undefined,
    edits: (tree) => findings.flatMap(({ edits }) => edits?.(tree) ?? []),
    notes: findings.flatMap(({ notes }) => notes ?? []),
  };
}

const nothing: Survey = { workspace: undefined, edits: () => [], notes: [] };

/** Hosts read these at the root of a repository only. */
const atItsRoot = [".github/", ".gitlab/", "CODEOWNERS", "renovate.json"];

async function found(question: Question): Promise<Finding[]> {
  const { language } = question.blueprint;
  const packages = (await import("./packages-above.ts")).packagesAbove(question);
  if (language === "rust") return [(await import("./cargo-above.ts")).cargoAbove(question), packages];
  if (language === "go") return [(await import("./go-above.ts")).goAbove(question), packages];
  return [packages];
}

/** A root that the target is to be in, told apart by its list. */
export function membership(kind: Membership["kind"], root: string, target: string): Membership {
  return { kind, root: slashed(target, root), path: slashed(root, target) };
}

export function editOf(target: string, file: string, before: string, after: string, why: string): Edit[] {
  return before === after ? [] : [{ path: slashed(target, file), before, after, why }];
}

/** @throws Problem when the list takes in what is to be kept out */
export function refuseCovered(coverage: Coverage, file: string, folder: string): void {
  if (coverage !== "covered") return;
  throw new Problem(
    `${file} takes in every folder like ${folder}, so the service cannot be kept out of that workspace.`,
    `Leave ${folder} out there, name another folder, or leave --no-workspace out.`,
  );
}

/** @throws Problem when another member has the name */
export function refuseNamesake(
  root: string,
  name: string,
  what: string,
  members: Iterable<[string, string | undefined]>,
) {
  for (const [folder, theirs] of members) {
    if (theirs !== name) continue;
    throw new Problem(
      `The workspace at ${root} has a ${what} called ${name} already, in ${folder}.`,
      "Give the service another name with --name.",
    );
  }
}

export const fileIn = (root: string, name: string) => path.join(root, name);
