import fs from "node:fs";
import path from "node:path";

/** Where a target really is, or will be: what is above it is looked for along no link. */
export function realPlace(target: string): string {
  try {
    return fs.realpathSync(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(realPlace(parent), path.basename(target));
  }
}
