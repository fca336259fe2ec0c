import { applyEdits, modify, parse } from "jsonc-parser";
import type { Tree } from "./tree.ts";

const plugin = "create-groundwork/nx";
const file = "nx.json";

/** Lists the plugin in nx.json once; comments, order and indentation stay. */
export function registerPlugin(tree: Tree): void {
  const text = tree.read(file, "utf-8") ?? "{}\n";
  const plugins: readonly (string | { readonly plugin: string })[] = parse(text).plugins ?? [];
  if (plugins.some((entry) => (typeof entry === "string" ? entry : entry.plugin) === plugin)) return;
  const edits = modify(text, ["plugins", plugins.length], plugin, {
    isArrayInsertion: true,
    formattingOptions: { insertSpaces: !text.includes("\n\t"), tabSize: 2 },
  });
  tree.write(file, applyEdits(text, edits));
}
