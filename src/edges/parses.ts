import { parseDocument } from "yaml";
import { formatOf } from "../update/file.ts";

/** Whether a text is of its path's format: JSON, TOML, YAML or a go.mod; true for every other. */
export function parses(path: string, text: string): boolean {
  if (/\.ya?ml$/.test(path)) return parseDocument(text, { uniqueKeys: true }).errors.length === 0;
  const format = formatOf(path);
  if (!format) return true;
  try {
    format.read(text);
    return true;
  } catch {
    return false;
  }
}
