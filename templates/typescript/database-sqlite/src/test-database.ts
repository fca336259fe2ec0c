import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A database of a test's own, until it is dropped. */
export async function createTestDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "database-"));
  return {
    url: `sqlite://${join(folder, "test.db")}`,
    drop: () => rm(folder, { recursive: true }),
  };
}
