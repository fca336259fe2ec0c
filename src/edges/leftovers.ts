import { hash, randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Processes of another host cannot be looked up, so their folders are left alone. */
const host = hash("sha256", hostname()).slice(0, 8);

const pattern = /^\.groundwork-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}$/;

const own = new Set<string>();

/** A name for a staging folder that tells whose it is, so that a killed run's can be recognised. */
export function stagingName(): string {
  const name = `.groundwork-${host}-${process.pid}-${randomBytes(4).toString("hex")}`;
  own.add(name);
  return name;
}

/** Whether a name in a folder is that of a run that is still at work, or of one that was killed. */
export function stagedBy(name: string): "a run" | "a killed run" | undefined {
  const [, owner, pid = ""] = pattern.exec(name) ?? [];
  if (owner === undefined) return undefined;
  return owner === host && !own.has(name) && !isRunning(Number(pid)) ? "a killed run" : "a run";
}

/** Removes what killed runs left in a folder. */
export function sweep(folder: string): void {
  for (const name of namesIn(folder)) {
    if (stagedBy(name) === "a killed run") rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** A folder may be open to writing and closed to reading. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A process of our own number is this one, and what it staged is in `own`. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
