import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { interruptible } from "../interruption.ts";
import type { Tree, TreeFile } from "../model/tree.ts";
import { Problem } from "../problem.ts";
import { saying } from "./progress.ts";

const patience = 180_000;
const mostBytes = 32 * 1024 * 1024;

/**
 * What an earlier version draws from a manifest: fetched as npm does, run without its install scripts and in an empty
 * folder, so that no settings of the repository's take part. The caller holds it against the manifest's hashes.
 * @param version an exact one
 * @throws Problem when it cannot be had
 */
export async function drawnBy(version: string, manifest: string): Promise<Tree> {
  const what = `fetch create-groundwork ${version}, to see what it emitted`;
  return treeIn(await saying(what, printed(version, manifest)), version);
}

/** npm tells its children of the project that it was run for; that is none of the earlier version's. */
const env = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) =>
      /^(INIT_CWD|npm_(package|lifecycle)_.*|npm_config_(local_prefix|prefix|package|call|workspace.*))$/i.test(name),
    )
    .map((name) => [name, undefined]),
);

function printed(version: string, manifest: string): Promise<string> {
  return interruptible(async (signal) => {
    const folder = await mkdtemp(path.join(tmpdir(), "groundwork-"));
    try {
      // npm looks for a project upwards, and stops here.
      await writeFile(path.join(folder, "package.json"), "{}\n");
      const args = ["exec", "--yes", "--ignore-scripts", "--package", `create-groundwork@${version}`];
      const run = await execa("npm", [...args, "--", "create-groundwork", "redraw"], {
        cwd: folder,
        env,
        input: manifest,
        reject: false,
        timeout: patience,
        maxBuffer: mostBytes,
        cancelSignal: signal,
      });
      signal.throwIfAborted();
      if (run.failed) throw unavailable(version, run.stderr.trim().split("\n").at(-1) || run.shortMessage || "");
      return run.stdout;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const unavailable = (version: string, why: string) =>
  new Problem(
    `create-groundwork ${version}, which drew this repository, cannot be had: ${why}`,
    "Nothing is changed. See that npm reaches the registry that has it, and run again.",
  );

function treeIn(text: string, version: string): Tree {
  try {
    const entries: unknown = JSON.parse(text);
    if (Array.isArray(entries) && entries.every(isEntry)) return new Map(entries);
  } catch {
    // Said below.
  }
  throw unavailable(version, "it does not print what it drew");
}

function isEntry(entry: unknown): entry is [string, TreeFile] {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [name, file] = entry;
  return typeof name === "string" && typeof file?.content === "string" && typeof file.executable === "boolean";
}
