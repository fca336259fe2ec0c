import { constants, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.ts";
import { Problem, tooLate } from "./problem.ts";

export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/**
 * The little of SQL that the stores ask for: placeholders are `$1`, `$2` …, and what a row answers is what was bound,
 * but for booleans, which may come back as 0 and 1. Past the deadline, on the clock of `performance.now()`, no query
 * starts: it is a 503.
 */
export interface Database {
  get(sql: string, values: readonly Value[], deadline: number): Promise<Row | undefined>;
  all(sql: string, values: readonly Value[], deadline: number): Promise<Row[]>;
  /** Answers how many rows it changed. */
  run(sql: string, values: readonly Value[], deadline: number): Promise<number>;
  /** Rejects when the database cannot serve a query. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const defaultDatabaseUrl = "sqlite://data/app.db";

const scheme = "sqlite://";

export function databaseUrlFault(url: string): string | undefined {
  return /^sqlite:\/\/(?!:memory:)[^?]+$/.test(url) ? undefined : `must be ${scheme} and a path`;
}

/** Opens the file, makes it when it is missing, and brings its tables up to date. */
export async function openDatabase({ databaseUrl, requestTimeoutMs }: Config): Promise<Database> {
  const path = databaseUrl.slice(scheme.length);
  mkdirSync(dirname(path), { recursive: true });
  // SQLite would wait for a lock inside the one thread that serves every request; `unlocked` waits beside it.
  const sqlite = new DatabaseSync(path, { timeout: 0 });
  const mode = await unlocked(() => sqlite.prepare("PRAGMA journal_mode = WAL").get(), startPatienceMs);
  if (mode?.journal_mode !== "wal") throw new Error("The database file cannot have a write-ahead log.");
  // With that log, a crash of the process loses no commit; a power cut may lose the last ones, and corrupts nothing.
  sqlite.exec("PRAGMA synchronous = NORMAL");
  await unlocked(() => migrate(sqlite), startPatienceMs);
  const file = statSync(path).ino;

  const patienceMs = Math.min(4_000, requestTimeoutMs / 2);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(sql.replaceAll(/\$(\d+)/g, "?$1"));
    statements.set(sql, statement);
    return statement;
  };

  return {
    get: (sql, values, deadline) =>
      unlocked(() => prepare(sql).get(...values.map(bound)) as Row | undefined, patienceMs, deadline),
    all: (sql, values, deadline) =>
      unlocked(() => prepare(sql).all(...values.map(bound)) as Row[], patienceMs, deadline),
    run: (sql, values, deadline) =>
      unlocked(() => Number(prepare(sql).run(...values.map(bound)).changes), patienceMs, deadline),
    // A query could wait for a lock, and in this thread; and an open file answers also when its path leads elsewhere.
    ping: async () => {
      await access(path, constants.R_OK | constants.W_OK);
      if ((await stat(path)).ino !== file) throw new Error("The database file is another one.");
    },
    close: async () => sqlite.close(),
  };
}

/** SQLite has no booleans. */
const bound = (value: Value) => (typeof value === "boolean" ? Number(value) : value);

/** Another instance may be starting too, and have much to migrate. */
const startPatienceMs = 60_000;

/** Primary result codes, https://www.sqlite.org/rescode.html */
const locks = [5 /* busy */, 6 /* locked */];
const outOfService = [10 /* I/O error */, 13 /* full */, 14 /* cannot open */];

/** Tries again while another connection holds the lock; after that, and when the disk fails, it is a 503. */
async function unlocked<T>(query: () => T, patienceMs: number, deadline = Number.POSITIVE_INFINITY): Promise<T> {
  for (const until = performance.now() + patienceMs; ; await sleep(5 + Math.random() * 20)) {
    if (performance.now() > deadline) throw tooLate();
    try {
      return query();
    } catch (error) {
      if (outOfService.includes(resultCode(error))) {
        throw new Problem(503, "The database is out of service.", { cause: error });
      }
      if (!locks.includes(resultCode(error))) throw error;
      if (performance.now() > until) throw new Problem(503, "The database is busy.", { cause: error });
    }
  }
}

/** An extended code has its primary one in the lowest byte. */
function resultCode(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

const folder = new URL("../migrations/", import.meta.url);

/** Applies what is new, in one transaction that also keeps out an instance starting beside this one. */
function migrate(sqlite: DatabaseSync): void {
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    sqlite.exec('CREATE TABLE IF NOT EXISTS "_migrations" ("name" TEXT PRIMARY KEY) STRICT');
    const applied = sqlite.prepare('SELECT 1 FROM "_migrations" WHERE "name" = ?');
    const record = sqlite.prepare('INSERT INTO "_migrations" ("name") VALUES (?)');
    for (const name of migrationNames()) {
      if (applied.get(name)) continue;
      sqlite.exec(readFileSync(new URL(name, folder), "utf8"));
      record.run(name);
    }
    sqlite.exec("COMMIT");
  } catch (error) {
    if (sqlite.isTransaction) sqlite.exec("ROLLBACK");
    throw error;
  }
}

const migrationNames = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
