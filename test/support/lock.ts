import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Lock {
  release(): Promise<void>;
}

/** Another process that writes to the database and does not come to an end: BEGIN IMMEDIATE, as any second program could. */
const WRITER = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
`;

/** Another process that keeps readers out as well, by the locks of SQLite's shared memory file (bytes 120 to 127). */
const EVERYTHING = `
import fcntl, sys
shared = open(sys.argv[1] + "-shm", "r+b")
fcntl.lockf(shared, fcntl.LOCK_EX, 8, 120)
print("held", flush=True)
sys.stdin.read()
`;

export const lockWrites = (database: string) => hold(WRITER, database);
export const lockEverything = (database: string) => hold(EVERYTHING, database);

async function hold(program: string, database: string): Promise<Lock> {
  const child = spawn("python3", ["-c", program, database], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const first = await Promise.race([once(child.stdout, "data"), ended.then(() => undefined)]);
  if (first === undefined)
    throw new Error("python3 could not lock the database; it is needed on the PATH, with its sqlite3 module.");
  return {
    async release() {
      child.stdin.end();
      await ended;
    },
  };
}
