import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { unreadable } from "./unreadable.ts";

/** What a package.json says of workspaces. */
export interface PackageJson {
  readonly name: string | undefined;
  /** Globs, when it is a root. */
  readonly workspaces: readonly string[] | undefined;
  /** Of `packageManager`, such as `pnpm@10.0.0`. */
  readonly packageManager: string | undefined;
}

/** @throws Problem when it cannot be read */
export function readPackageJson(file: string, text: string): PackageJson {
  const root = treeOf(file, text);
  const value = (...path: string[]) => {
    const node = findNodeAtLocation(root, path);
    return node?.type === "string" ? String(node.value) : undefined;
  };
  const globs = globsIn(root);
  return {
    name: value("name"),
    packageManager: value("packageManager"),
    workspaces: globs?.children?.map((child) => {
      if (child.type !== "string") throw unreadable(file, "workspaces is no list of texts");
      return String(child.value);
    }),
  };
}

/** The file with one member more; everything else stays as it is written. */
export function withPackage(file: string, text: string, folder: string): string {
  const bom = text.startsWith("\ufeff") ? "\ufeff" : "";
  const body = text.slice(bom.length);
  const node = globsIn(treeOf(file, text));
  if (node === undefined) throw new Error(`${file} has no workspaces.`);
  const last = node.children?.at(-1);
  if (last === undefined) {
    return `${bom}${body.slice(0, node.offset)}[${JSON.stringify(folder)}]${body.slice(node.offset + node.length)}`;
  }
  const end = last.offset + last.length;
  const isOneLine = !body.slice(node.offset, node.offset + node.length).includes("\n");
  const gap = isOneLine ? " " : (/\s*$/.exec(body.slice(0, last.offset))?.[0] ?? "");
  return `${bom}${body.slice(0, end)},${gap}${JSON.stringify(folder)}${body.slice(end)}`;
}

function treeOf(file: string, text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\ufeff/, ""), errors, { disallowComments: true });
  const [error] = errors;
  if (error) throw unreadable(file, `${printParseErrorCode(error.error)} at character ${error.offset}`);
  if (root?.type !== "object") throw unreadable(file, "it is no object");
  return root;
}

/** `workspaces` is a list, or an object with one in `packages`. */
function globsIn(root: Node): Node | undefined {
  for (const path of [["workspaces"], ["workspaces", "packages"]]) {
    const node = findNodeAtLocation(root, path);
    if (node?.type === "array") return node;
  }
  return undefined;
}
