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

export const resource = adding("resource");
export const ci = adding("ci");

function adding(name: "resource" | "ci") {
  return (tree: Tree, options: Options): Promise<() => void> =>
    told(async () => {
      const [{ additions }, { add }] = await Promise.all([import("../additions.ts"), import("./addition.ts")]);
      const addition = additions.find((each) => each.name === name);
      if (!addition) throw new Error(`There is no addition ${name}.`);
      const done = await add(addition, tree, options);
      return () => telling(done);
    });
}

/** Nx prints an error's message and ends with 1. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asNxPrints(error);
  }
}

function telling(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw asNxPrints(error);
  }
}

function asNxPrints(error: unknown): unknown {
  if (error instanceof Problem) return new Error(`${error.message} ${error.hint}`);
  if (error instanceof Interrupted) return new Error("stopped");
  return error;
}
