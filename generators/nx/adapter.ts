import { Interrupted, Problem } from "../../src/problem.ts";
import type { Tree } from "./tree.ts";

/** The plugin, for nx.json: `create-groundwork/nx`. Nx before 21 asks for the second name. */
export { createNodes, createNodes as createNodesV2 } from "./plugin.ts";
export const name = "create-groundwork/nx";

type Options = Readonly<Record<string, unknown>>;

/** The generator is loaded when it runs: Nx loads the plugin for every command. */
export async function service(tree: Tree, options: Options): Promise<() => void> {
  return told(async () => (await import("./service.ts")).service(tree, options));
}

/** Nx prints an error's message and ends with 1. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) throw new Error(`${error.message} ${error.hint}`);
    if (error instanceof Interrupted) throw new Error("stopped");
    throw error;
  }
}
