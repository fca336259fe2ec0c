import { type Commands, commandNames, type Manifest, manifestPath, type Pending } from "../model/manifest.ts";
import { policies } from "../model/tree.ts";
import { languages } from "../model/verdict.ts";
import { type Workspace, workspaceKinds } from "../model/workspace.ts";
import { Problem } from "../problem.ts";
import { compareVersions, isVersion } from "./version.ts";

/** Of a manifest, in characters: one of 40 files has 6,000. */
export const longestManifest = 512 * 1024;
const mostFiles = 2_000;
const mostEntries = 1_000;
const longestPath = 400;
const longestLine = 2_000;

/**
 * Reads a manifest as what it is: a file of a repository that anybody may have written.
 * @param current version of this program
 * @throws Problem when it is broken, from a newer version, or would lead outside of its folder
 */
export function readManifest(text: string, current: string): Manifest {
  if (text.length > longestManifest) throw broken(`is longer than ${longestManifest} characters`);
  const data = parsed(text);
  const version = textOf(data, "version");
  if (!isVersion(version)) throw broken(`has the version ${JSON.stringify(version)}`);
  if (compareVersions(version, current) > 0) {
    throw new Problem(
      `${manifestPath} was written by create-groundwork ${version}, and this is ${current}.`,
      `Run npx create-groundwork@${version} instead.`,
    );
  }
  const manifest: Manifest = {
    ...data,
    version,
    answers: tableOf(data, "answers"),
    language: oneOf(textOf(data, "language"), languages, "language"),
    migrations: migrationsOf(tableOf(data, "migrations")),
    commands: commandsOf(tableOf(data, "commands")),
    files: filesOf(tableOf(data, "files")),
    pending: pendingOf(data.pending),
    ...(data.workspace === undefined ? {} : { workspace: workspaceOf(data.workspace) }),
    ...(data.atRoot === undefined ? {} : { atRoot: hashesOf(tableOf(data, "atRoot")) }),
    ...(data.deleted === undefined ? {} : { deleted: pathsOf(data.deleted) }),
  };
  return manifest;
}

const broken = (how: string) =>
  new Problem(`${manifestPath} ${how}.`, "Take it back from version control as groundwork wrote it, and run again.");

type Table = Readonly<Record<string, unknown>>;

function parsed(text: string): Table {
  let data: unknown;
  try {
    data = JSON.parse(text, refusePrototypes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw broken("is not JSON");
  }
  return tableFrom(data, "is not an object");
}

/** Keys that mean something else to JavaScript than to the one who wrote them. */
function refusePrototypes(key: string, value: unknown): unknown {
  if (key === "__proto__" || key === "constructor" || key === "prototype") throw broken(`has the key "${key}"`);
  return value;
}

function tableFrom(value: unknown, how: string): Table {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw broken(how);
  if (Object.keys(value).length > mostFiles) throw broken("has too many entries");
  return value as Table;
}

const tableOf = (data: Table, key: string) => tableFrom(data[key], `has no "${key}"`);

function textOf(data: Table, key: string): string {
  const value = data[key];
  if (typeof value !== "string" || value.length > longestLine) throw broken(`has no "${key}"`);
  return value;
}

function oneOf<Option extends string>(value: string, options: readonly Option[], key: string): Option {
  const known = options.find((option) => option === value);
  if (known === undefined) throw broken(`has a ${key} that is not known, "${value.slice(0, 40)}"`);
  return known;
}

function migrationsOf(table: Table): Record<string, number> {
  for (const [name, number] of Object.entries(table)) {
    const isNumber = typeof number === "number" && Number.isInteger(number) && number > 0 && number < 10_000;
    if (!isNumber || !/^[a-z][a-z0-9_]{0,29}$/.test(name)) throw broken("has a migration without a number");
  }
  return { ...(table as Record<string, number>) };
}

function commandsOf(table: Table): Commands {
  return Object.fromEntries(commandNames.map((name) => [name, textOf(table, name)])) as Commands;
}

function filesOf(table: Table): Manifest["files"] {
  return Object.fromEntries(
    Object.entries(table).map(([path, entry]) => {
      checkPath(path);
      const file = tableFrom(entry, `says nothing of ${path}`);
      const hash = textOf(file, "hash");
      if (!/^[0-9a-f]{64}$/.test(hash)) throw broken(`has no hash of ${path}`);
      return [path, { policy: oneOf(textOf(file, "policy"), policies, "policy"), hash }];
    }),
  );
}

/** Only looked up by paths that are drawn here, so that they may be any. */
function hashesOf(table: Table): Record<string, string> {
  return Object.fromEntries(Object.keys(table).map((path) => [path, textOf(table, path)]));
}

function workspaceOf(value: unknown): Workspace {
  const table = tableFrom(value, "has a workspace that is none");
  const list = (key: string): string[] => {
    const found = table[key];
    if (!Array.isArray(found) || found.length > mostEntries || found.some((item) => typeof item !== "string"))
      throw broken(`has no list "${key}" in its workspace`);
    return found;
  };
  const { memberOf: roots, place } = table;
  if (place !== undefined && !isPlace(place)) throw broken("has a place in a repository that is none");
  if (!Array.isArray(roots) || roots.length > mostEntries) throw broken('has no list "memberOf" in its workspace');
  return {
    ...(place !== undefined && { place }),
    memberOf: roots.map((entry) => {
      const root = tableFrom(entry, "has a workspace root that is none");
      const [up, path] = [textOf(root, "root"), textOf(root, "path")];
      if (!/^\.\.(\/\.\.)*$/.test(up)) throw broken("has a workspace root that is not above it");
      checkPath(path);
      const kind = oneOf(textOf(root, "kind"), workspaceKinds, "workspace");
      const hosts = (["turbo", "nx"] as const).filter((host) => root[host] === true);
      return { kind, root: up, path, ...Object.fromEntries(hosts.map((host) => [host, true as const])) };
    }),
    apartFrom: list("apartFrom").map((kind) => oneOf(kind, ["cargo", "go"], "workspace")),
    leavesOut: list("leavesOut"),
    inherits: list("inherits"),
  };
}

/** The way down to a folder, whatever its user calls it. */
const isPlace = (place: unknown): place is string =>
  typeof place === "string" &&
  place.length <= 4_096 &&
  place.split("/").every((part) => part !== "" && part !== "." && part !== "..");

function pathsOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > mostEntries) throw broken("has no list of deleted files");
  for (const path of value) checkPath(path);
  return value;
}

function pendingOf(value: unknown): Pending[] {
  if (!Array.isArray(value) || value.length > mostEntries) throw broken('has no "pending"');
  return value.map((entry) => {
    const table = tableFrom(entry, "has a pending file that is none");
    const path = textOf(table, "path");
    checkPath(path);
    return { path, base: textOf(table, "base"), reason: String(table.reason ?? "").slice(0, longestLine) };
  });
}

/** Relative, inside, and a file of a working tree. */
function checkPath(path: unknown): void {
  const isPath =
    typeof path === "string" &&
    path.length > 0 &&
    path.length <= longestPath &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    !/[\\:\u0000-\u001f]/.test(path) &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.toLowerCase() !== ".git");
  if (!isPath) throw broken(`names a path that is not inside of its folder, ${JSON.stringify(path)?.slice(0, 80)}`);
}
