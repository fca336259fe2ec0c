import path from "node:path";
import { realPlace } from "../src/edges/real-place.ts";
import { Problem } from "../src/problem.ts";

/**
 * A host's root is the border of what its generators may write, also through a link.
 * @returns the absolute path of a folder below the root
 * @throws Problem when the folder is elsewhere
 */
export function below(root: string, folder: string): string {
  const target = path.resolve(root, folder);
  if (!isInside(root, target) || !isInside(realPlace(root), realPlace(target))) {
    throw new Problem(`${target} is not inside ${root}.`, "Name a folder below the workspace.");
  }
  return target;
}

/**
 * A workspace's root may be above the host's and lists its members there, and so may be that of the repository.
 * @param edits paths from the target
 * @returns the files to write, as paths from the root with `/`
 * @throws Problem when one is not below the root
 */
export function editsBelow<E extends { readonly path: string }>(root: string, target: string, edits: readonly E[]) {
  return edits.map((edit) => {
    const file = realPlace(path.resolve(realPlace(target), edit.path));
    if (!isInside(realPlace(root), file)) {
      throw new Problem(
        `${file} would have to be written for the service, and is not inside ${root}.`,
        "Emit it with npx create-groundwork instead, which may write there.",
      );
    }
    return { ...edit, file: path.relative(realPlace(root), file).split(path.sep).join("/") };
  });
}

function isInside(root: string, target: string): boolean {
  const way = path.relative(root, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
