import fs from "node:fs";
import path from "node:path";
import { Problem } from "../src/problem.ts";

/**
 * A host's root is the border of what its generators may write, also through a link.
 * @returns the absolute path of a folder below the root
 * @throws Problem when the folder is elsewhere
 */
export function below(root: string, folder: string): string {
  const target = path.resolve(root, folder);
  if (!isInside(root, target) || !isInside(followed(root), followed(target))) {
    throw new Problem(`${target} is not inside ${root}.`, "Name a folder below the workspace.");
  }
  return target;
}

function isInside(root: string, target: string): boolean {
  const way = path.relative(root, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** Where a path leads when what there is of it is followed. */
function followed(place: string): string {
  const parent = path.dirname(place);
  if (fs.existsSync(place) || parent === place) return fs.realpathSync(place);
  return path.join(followed(parent), path.basename(place));
}
