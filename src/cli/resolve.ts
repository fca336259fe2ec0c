import { resolve } from "../resolve.ts";
import { type Flag, jsonFlag, parseFlags } from "./flags.ts";
import { exitCodes } from "./report.ts";

export const resolveFlags: readonly Flag[] = [
  { name: "dry-run", about: "say what would be done, and do nothing" },
  jsonFlag,
];

/** Takes files without markers off the pending list of the repository that it runs in. */
export async function run(argv: readonly string[]): Promise<number> {
  const { words, switches } = parseFlags(argv, resolveFlags, process.env);
  const resolution = await resolve(process.cwd(), words, switches.has("dry-run"));
  const { resolved, deleted, pending } = resolution;
  const lines = [
    ...resolved.map((path) => `resolved ${path}`),
    ...deleted.filter((path) => !resolved.includes(path)).map((path) => `removed on purpose ${path}`),
    ...pending.map(({ path, reason }) => `pending  ${path}: ${reason}`),
  ];
  const text = lines.length > 0 ? `${lines.join("\n")}\n` : "Nothing is pending.\n";
  process.stdout.write(switches.has("json") ? `${JSON.stringify(resolution, null, 2)}\n` : text);
  return pending.length > 0 ? exitCodes.conflicts : 0;
}
