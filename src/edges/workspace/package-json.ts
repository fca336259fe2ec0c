import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
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
    workspaces: globs?.node.children?.map((child) => {
      if (child.type !== "string") throw unreadable(file, "workspaces is no list of texts");
      return String(child.value);
    }),
  };
}

/** The file with one member more; everything else stays as it is written. */
export function withPackage(file: string, text: string, folder: string): string {
  const bom = text.startsWith("\ufeff") ? "\ufeff" : "";
  const body = text.slice(bom.length);
  const globs = globsIn(treeOf(file, text));
  if (globs === undefined) throw new Error(`${file} has no workspaces.`);
  const { node, path } = globs;
  const last = node.children?.at(-1);
  if (last === undefined || !body.slice(node.offset, node.offset + node.length).includes("\n")) {
    const edits = modify(body, [...path, -1], folder, {
      isArrayInsertion: true,
      ...(last === undefined && { formattingOptions: {} }),
    });
    if (last === undefined) return bom + applyEdits(body, edits);
    const end = last.offset + last.length;
    return `${bom}${body.slice(0, end)}, ${JSON.stringify(folder)}${body.slice(end)}`;
  }
  const end = last.offset + last.length;
  const gap = /\s*$/.exec(body.slice(0, last.offset))?.[0] ?? "";
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
function globsIn(root: Node): { readonly node: Node; readonly path: string[] } | undefined {
  for (const path of [["workspaces"], ["workspaces", "packages"]]) {
    const node = findNodeAtLocation(root, path);
    if (node?.type === "array") return { node, path };
  }
  return undefined;
}
