import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const folders: string[] = [];

process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when the bench ends, however it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  folders.push(folder);
  return folder;
}
