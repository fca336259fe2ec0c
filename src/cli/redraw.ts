import { text } from "node:stream/consumers";
import { redrawn } from "../change.ts";
import { Problem } from "../problem.ts";
import { readManifest } from "../update/manifest.ts";
import { version } from "../version.ts";
import { parseFlags } from "./flags.ts";
import { refuseWords } from "./words.ts";

/**
 * Reads a manifest of this very version from standard input, and prints the files that were emitted for it, as JSON.
 * It is how a later version's `update` learns what this one emitted; for no person's use, and so in no help.
 */
export async function run(argv: readonly string[]): Promise<void> {
  refuseWords(parseFlags(argv, [], process.env).words);
  const manifest = readManifest(await text(process.stdin), version);
  if (manifest.version !== version) {
    throw new Problem(
      `The manifest is from ${manifest.version}, and this is ${version}.`,
      `Run npx create-groundwork@${manifest.version}.`,
    );
  }
  const { tree } = await redrawn(manifest);
  process.stdout.write(`${JSON.stringify([...tree])}\n`);
}
