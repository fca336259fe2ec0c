import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase, query } from "./psql.ts";
import { subject } from "./subject.ts";

/** A database of a service under test, as another program sees it. */
export interface Database {
  /** What DATABASE_URL says. */
  readonly url: string;
  /** Keeps writers out, as any second program could. */
  lockWrites(): Promise<Lock>;
  /** Keeps readers out as well. */
  lockEverything(): Promise<Lock>;
  /** Whether nobody has it open any more. */
  isClosed(): Promise<boolean>;
}

export interface Lock {
  release(): Promise<void>;
}

/** A new database, empty, of the kind that the service under test is made for. */
export const newDatabase = (): Database =>
  subject.postgres === undefined ? sqliteIn(databaseFile()) : postgresAt(createDatabase(subject.postgres));

const folders: string[] = [];

/** A path for a database file, in a folder of its own that `removeDatabases` removes. */
export function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "contract-"));
  folders.push(folder);
  return join(folder, "service.db");
}

export function removeDatabases(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Another process that writes to the database and does not come to an end. */
const WRITER = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
`;

/** The locks of SQLite's shared memory file (bytes 120 to 127). */
const EVERYTHING = `
import fcntl, sys
shared = open(sys.argv[1] + "-shm", "r+b")
fcntl.lockf(shared, fcntl.LOCK_EX, 8, 120)
print("held", flush=True)
sys.stdin.read()
`;

const sqliteIn = (file: string): Database => ({
  url: `sqlite://${file}`,
  lockWrites: () => hold("python3", ["-c", WRITER, file]),
  lockEverything: () => hold("python3", ["-c", EVERYTHING, file]),
  isClosed: async () => !existsSync(`${file}-wal`),
});

export const postgresAt = (url: string): Database => ({
  url,
  lockWrites: () => lockTables(url, "EXCLUSIVE"),
  lockEverything: () => lockTables(url, "ACCESS EXCLUSIVE"),
  async isClosed() {
    const others =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    // The server notices a moment after the client that a connection has ended.
    for (const end = Date.now() + 2_000; Date.now() < end; await sleep(50)) if (query(url, others) === "0") return true;
    return false;
  },
});

function lockTables(url: string, mode: string): Promise<Lock> {
  const tables = query(
    url,
    "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public'",
  );
  return hold("psql", ["-qAt", url], `BEGIN; LOCK TABLE ${tables} IN ${mode} MODE;\n\\echo held\n`);
}

/** A process that holds a lock from its first output on, until its input ends. */
async function hold(program: string, args: readonly string[], input = ""): Promise<Lock> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  child.stdin.write(input);
  const first = await Promise.race([once(child.stdout, "data"), ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`${program} could not lock the database; it is needed on the PATH.`);
  return {
    async release() {
      child.stdin.end();
      await ended;
    },
  };
}
