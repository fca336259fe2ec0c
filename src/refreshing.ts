import path from "node:path";
import { rootCommands } from "./compose/workspace.ts";
import type { Blueprint } from "./model/blueprint.ts";

/** Commands that take a new member into each lockfile that it shares; `folder` is where it is, and where they are run from. */
export function refreshing({ workspace, name }: Blueprint, folder: string): string[] {
  return rootCommands(workspace, name).flatMap(({ root, refresh }) => {
    if (refresh === undefined) return [];
    const place = path.join(folder, root);
    return place === "." ? refresh : `(cd ${quoted(place)} && ${refresh})`;
  });
}

/** A word of a command line, as a shell takes it. */
export const quoted = (text: string) => (/^[\w./:@,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
