import { parse } from "yaml";
import type { Edit, PackageManager } from "../../model/workspace.ts";
import { Problem } from "../../problem.ts";
import { type Coverage, coverage } from "./globs.ts";
import { readPackageJson, withPackage } from "./package-json.ts";
import { has, membersOf, textOf } from "./places.ts";
import { readPnpmWorkspace, withPnpmPackage } from "./pnpm-workspace.ts";
import { editOf, type Finding, fileIn, membership, type Question, refuseCovered, refuseNamesake } from "./survey.ts";
import { unreadable } from "./unreadable.ts";

/** A root of npm, pnpm, yarn or bun workspaces. */
interface PackagesRoot {
  readonly root: string;
  readonly manager: PackageManager;
  readonly file: string;
  readonly text: string;
  readonly patterns: readonly string[];
  with(folder: string): string;
}

/** What a root of packages says of a service: one in TypeScript is a package, and Turborepo takes any language in by one. */
export function packagesAbove({ target, above, blueprint, join }: Question): Finding {
  const isPackage = blueprint.language === "typescript";
  const found = nearestRoot(above, isPackage);
  if (found === undefined) return {};
  const { root, manager, file, text, patterns } = found;
  const turbo = has(root, "turbo.json") || has(root, "turbo.jsonc");
  if (!isPackage && !turbo) return {};
  const nx = isPackage && has(root, "nx.json");
  const member = { ...membership(manager, root, target), ...(turbo && { turbo }), ...(nx && { nx }) };
  const said: Coverage = coverage(patterns, member.path, manager === "npm");
  if (!join) {
    if (isPackage) refuseCovered(said, file, member.path);
    return {};
  }
  if (said === "excluded") {
    return { notes: [`${file} excludes ${member.path}, so the service takes no part in that workspace.`] };
  }
  if (isPackage && manager === "berry") refusePlugAndPlay(root);
  const folders = membersOf(root, patterns, "package.json").filter((folder) => folder !== member.path);
  refuseNamesake(
    root,
    blueprint.name,
    "package",
    ["", ...folders].map((folder) => [folder || "its root", nameIn(fileIn(root, folder))]),
  );
  const edits = (): Edit[] =>
    said === "covered" ? [] : editOf(target, file, text, found.with(member.path), `list ${member.path} as a package`);
  if (!isPackage) return { member, edits };
  const hasNode = [".nvmrc", ".node-version"].some((name) => has(root, name));
  const hasBiome = ["biome.json", "biome.jsonc"].some((name) => has(root, name));
  return {
    member,
    edits,
    leavesOut: [".dockerignore", "Dockerfile", "package-lock.json", ...(hasNode ? [".nvmrc"] : [])],
    inherits: hasBiome ? ["biome"] : [],
  };
}

function nearestRoot(above: readonly string[], isPackage: boolean): PackagesRoot | undefined {
  for (const root of above) {
    // Of a package.json that concerns neither the language nor Turborepo not even the faults matter.
    if (!isPackage && !has(root, "turbo.json") && !has(root, "turbo.jsonc")) continue;
    const found = pnpmRoot(root) ?? jsonRoot(root);
    if (found) return found;
  }
  return undefined;
}

function pnpmRoot(root: string): PackagesRoot | undefined {
  const file = fileIn(root, "pnpm-workspace.yaml");
  const text = textOf(file);
  const patterns = text === undefined ? undefined : readPnpmWorkspace(file, text);
  if (text === undefined || patterns === undefined) return undefined;
  return { root, manager: "pnpm", file, text, patterns, with: (folder) => withPnpmPackage(file, text, folder) };
}

function jsonRoot(root: string): PackagesRoot | undefined {
  const file = fileIn(root, "package.json");
  const text = textOf(file);
  if (text === undefined) return undefined;
  const { workspaces, packageManager } = readPackageJson(file, text);
  if (workspaces === undefined) return undefined;
  const manager = managerOf(root, packageManager);
  return { root, manager, file, text, patterns: workspaces, with: (folder) => withPackage(file, text, folder) };
}

/** What package.json says counts, then whose lockfile is there. */
function managerOf(root: string, said = ""): PackageManager {
  const [, name = "", major = ""] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(said) ?? [];
  if (name === "yarn") return major === "1" ? "yarn" : "berry";
  if (name === "npm" || name === "pnpm" || name === "bun") return name;
  if (has(root, "bun.lock") || has(root, "bun.lockb")) return "bun";
  if (has(root, ".yarnrc.yml") || /^__metadata:/m.test(textOf(root, "yarn.lock") ?? "")) return "berry";
  return has(root, "yarn.lock") ? "yarn" : "npm";
}

/** @throws Problem when packages are not in folders, where Node itself looks for them */
function refusePlugAndPlay(root: string): void {
  const file = fileIn(root, ".yarnrc.yml");
  let linker: unknown;
  try {
    linker = (parse(textOf(file) ?? "") as { nodeLinker?: unknown } | null)?.nodeLinker;
  } catch (error) {
    throw unreadable(file, String(error));
  }
  if (linker === "node-modules" || linker === "pnpm") return;
  throw new Problem(
    `The workspace at ${root} uses Yarn's Plug'n'Play, and the service is run by Node itself, which finds no packages there.`,
    `Set nodeLinker: node-modules in ${file}, or add --no-workspace.`,
  );
}

function nameIn(folder: string): string | undefined {
  const file = fileIn(folder, "package.json");
  return readPackageJson(file, textOf(file) ?? "{}").name;
}
