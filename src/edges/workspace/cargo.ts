import { parse, patch } from "@decimalturn/toml-patch";
import { type Coverage, coverage, plain } from "./globs.ts";
import { unreadable } from "./unreadable.ts";

/** `[workspace]` of a Cargo.toml. */
export interface CargoRoot {
  readonly members: readonly string[];
  readonly exclude: readonly string[];
  /** `[workspace.package]`. */
  readonly shares: Readonly<Record<string, unknown>>;
  readonly hasLints: boolean;
}

/**
 * @returns nothing when the file has no `[workspace]`
 * @throws Problem when it cannot be read
 */
export function readCargoRoot(file: string, text: string): CargoRoot | undefined {
  const { workspace } = parsed(file, text);
  if (workspace === undefined) return undefined;
  if (!isTable(workspace)) throw unreadable(file, "[workspace] is no table");
  return {
    members: list(file, workspace, "members"),
    exclude: list(file, workspace, "exclude"),
    shares: isTable(workspace.package) ? workspace.package : {},
    hasLints: isTable(workspace.lints),
  };
}

export function cargoCoverage({ members, exclude }: CargoRoot, folder: string): Coverage {
  if (coverage(members, folder) === "covered") return "covered";
  // As Cargo does: whatever is below an excluded folder is excluded too.
  return exclude.map(plain).some((out) => folder === out || folder.startsWith(`${out}/`)) ? "excluded" : "open";
}

/** The name of the package that a Cargo.toml is of, if it is of one. */
export function crateName(text: string): string | undefined {
  const found = parsed("", text).package;
  return isTable(found) && typeof found.name === "string" ? found.name : undefined;
}

/** The file with one member more; everything else stays as it is written. */
export function withCargoMember(text: string, folder: string): string {
  const data = parse(text);
  const workspace: Table = isTable(data.workspace) ? data.workspace : {};
  const members = Array.isArray(workspace.members) ? workspace.members : [];
  return patch(text, { ...data, workspace: { ...workspace, members: [...members, folder] } });
}

type Table = Record<string, unknown>;
const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(file: string, text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

function list(file: string, table: Table, key: string): string[] {
  const value = table[key] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw unreadable(file, `workspace.${key} is no list of texts`);
  }
  return value;
}
