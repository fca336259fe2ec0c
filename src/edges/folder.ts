import { basename, resolve } from "node:path";
import { suggestName } from "../compose/names.ts";

/** The folder names the service, unless its name is one that no service can have. */
export function nameOf(folder: string): string {
  const name = basename(resolve(folder));
  return folder === "." ? suggestName(name) : name;
}
