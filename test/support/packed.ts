import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the package as a user has it: packed, and unpacked elsewhere. */
    packed: string;
  }
}

const root = path.join(import.meta.dirname, "../..");

/** Packs the tool once for all test files; what npm leaves out of a package is missing here too. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "packed-"));
  // Tests run it as other users too.
  chmodSync(folder, 0o755);
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  execFileSync("tar", ["-xzf", path.join(folder, filename), "-C", folder]);
  project.provide("packed", path.join(folder, "package"));
  return () => rmSync(folder, { recursive: true, force: true });
}
