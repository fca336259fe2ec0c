import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError, Pool, type PoolClient, type PoolConfig, types } from "pg";
import type { Config } from "./config.ts";
import { OutcomeUnknown, Problem, tooLate } from "./problem.ts";

export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/**
 * The little of SQL that the stores ask for: placeholders are `$1`, `$2` …, and what a row answers is what was bound.
 * Past the deadline, on the clock of `performance.now()`, no query starts or goes on: it is a 503.
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

/** The variable is required: an empty one is a fault. */
export const defaultDatabaseUrl = "";

/** libpq's modes, and the ways to connect that each stands for: `allow` and `prefer` are content with either. */
const sslModes = new Map([
  ["disable", ["disable"]],
  ["allow", ["disable", "prefer"]],
  ["prefer", ["prefer", "disable"]],
  ["require", ["require"]],
  ["verify-ca", ["verify-ca"]],
  ["verify-full", ["verify-full"]],
]);

export function databaseUrlFault(url: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(url)) return "must be a postgres:// URL";
  const { sslmode, parameters } = partsOf(url);
  if (!sslModes.has(sslmode)) return `must have one of ${[...sslModes.keys()].join(", ")} as sslmode or PGSSLMODE`;
  if (sslmode === "verify-ca" && !parameters.has("sslrootcert")) return "must name an sslrootcert to verify by";
  try {
    clientOf(withMode(url, sslmode));
    return;
  } catch {
    return "must be a postgres:// URL, and its certificates files that can be read";
  }
}

/** What the URL leaves out pg takes from the variables of libpq, but for this one, which it does not read as libpq does. */
function partsOf(url: string) {
  const [place = "", ...query] = url.split("?");
  const parameters = new URLSearchParams(query.join("?"));
  return { place, parameters, sslmode: parameters.get("sslmode") ?? (process.env.PGSSLMODE || "prefer") };
}

/** pg takes most modes for `verify-full` unless it is told to read them as libpq does. */
function withMode(url: string, sslmode: string): string {
  const { place, parameters } = partsOf(url);
  parameters.set("sslmode", sslmode);
  parameters.set("uselibpqcompat", "true");
  // So that times are read as they were written, whatever the server is set to.
  parameters.set("options", `${parameters.get("options") ?? ""} -c TimeZone=UTC -c DateStyle=ISO`.trim());
  return `${place}?${parameters}`;
}

const clientOf = (connectionString: string) => new Client({ connectionString, connectionTimeoutMillis: 10_000 });

export interface Connection {
  readonly client: Client;
  /** Takes the same way again. */
  readonly connectionString: string;
}

/** SQLSTATE of a server whose `pg_hba.conf` has no entry for such a connection. */
const modeRefused = "28000";

/** Connects in the first of the ways that succeeds. */
export async function connect(url: string): Promise<Connection> {
  let failure: unknown;
  for (const sslmode of sslModes.get(partsOf(url).sslmode) ?? []) {
    const connectionString = withMode(url, sslmode);
    const client = clientOf(connectionString);
    // A lost connection is told to the query under way; without a listener it would end the process as well.
    client.on("error", () => {});
    try {
      await client.connect();
      return { client, connectionString };
    } catch (error) {
      // What else a server refuses it refuses in any mode, and says it best in the first.
      if (error instanceof DatabaseError && error.code !== modeRefused) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Connects, and brings the tables up to date. */
export async function openDatabase({ databaseUrl, requestTimeoutMs }: Config): Promise<Database> {
  const { client, connectionString } = await connect(databaseUrl);
  try {
    await migrate(client, migrationsFolder);
  } finally {
    await client.end();
  }

  const patienceMs = Math.min(4_000, requestTimeoutMs / 4);
  const longestMs = atLeastOne((requestTimeoutMs * 3) / 8);
  const settings: PoolConfig = {
    connectionString,
    application_name: "depot-service",
    types: { getTypeParser: (oid, format) => parsers[oid] ?? types.getTypeParser(oid, format) },
    max: 10,
    keepAlive: true,
    // The system's own two hours are longer than networks remember a connection.
    keepAliveInitialDelayMillis: 10_000,
    idleTimeoutMillis: 600_000,
    connectionTimeoutMillis: patienceMs,
    lock_timeout: atLeastOne(patienceMs),
    statement_timeout: longestMs,
    // For a server that does not even say that the time is up.
    query_timeout: requestTimeoutMs / 2,
  };
  const pool = poolOf(settings);
  // Its own connection, since requests may hold all others.
  const probe = poolOf({ ...settings, max: 1, connectionTimeoutMillis: probeMs, query_timeout: probeMs });

  const queryOnce = queriesOf(pool, longestMs);
  const query = (sql: string, values: readonly Value[], deadline: number) =>
    settled(() => queryOnce(sql, values, deadline), isRead(sql), patienceMs);

  return {
    get: async (sql, values, deadline) => (await query(sql, values, deadline)).rows[0],
    all: async (sql, values, deadline) => (await query(sql, values, deadline)).rows,
    run: async (sql, values, deadline) => (await query(sql, values, deadline)).rowCount ?? 0,
    ping: async () => {
      await probe.query("SELECT 1");
    },
    // A server that hangs would not let go.
    close: async () => {
      await Promise.race([Promise.all([pool.end(), probe.end()]), sleep(1_000, undefined, { ref: false })]);
    },
  };
}

const probeMs = 1_000;

/** Zero would be no limit. */
const atLeastOne = (ms: number) => Math.max(1, Math.floor(ms));

function poolOf(settings: PoolConfig): Pool {
  const ignore = () => {};
  // A lost connection is told to the query under way; the pool drops it, and makes another when one is needed. Without
  // a listener it would end the process as well.
  return new Pool(settings).on("error", ignore).on("connect", (client) => void client.on("error", ignore));
}

/** Queries whose writes do not happen after all when they are refused late: the server stops them while there is time. */
function queriesOf(pool: Pool, longestMs: number) {
  // A connection prepares a statement that has a name once.
  const names = new Map<string, string>();
  const nameOf = (sql: string) => {
    const name = names.get(sql) ?? `s${names.size}`;
    names.set(sql, name);
    return name;
  };

  // What a connection was told last, unless it has what it started with: only late requests pay for another round trip.
  const limits = new WeakMap<PoolClient, number>();
  const limit = async (client: PoolClient, deadline: number) => {
    // The rest of the time is for the commit and for the answer.
    const ms = Math.min(longestMs, Math.floor(((deadline - performance.now()) * 3) / 4));
    if (ms < 1) throw tooLate();
    if (ms === (limits.get(client) ?? longestMs)) return;
    limits.set(client, ms);
    await client.query(`SET statement_timeout = ${ms}`);
    if (performance.now() + ms > deadline) throw tooLate();
  };

  // With one connection the server has most likely ended the others, which may still lie there as if they were idle.
  let trusted = new WeakSet<PoolClient>();
  pool.on("connect", (client) => trusted.add(client));
  const connection = async () => {
    for (;;) {
      const client = await pool.connect();
      if (trusted.has(client)) return client;
      client.release(true);
    }
  };

  return async (text: string, values: readonly Value[], deadline: number) => {
    const client = await connection();
    let isSent = false;
    try {
      await limit(client, deadline);
      isSent = true;
      const result = await client.query<Row>({ name: nameOf(text), text, values: [...values] });
      client.release();
      return result;
    } catch (error) {
      if (isLost(error)) trusted = new WeakSet();
      client.release(isLost(error) || isDemoted(error));
      if (isSent && !isRead(text) && mayBeDone(error)) throw new OutcomeUnknown(error);
      throw error;
    }
  };
}

const { builtins } = types;

/** pg gives a bigint as text, because a number may not hold it, and dates in the zone of this machine. */
const parsers: Readonly<Record<number, (text: string) => Value>> = {
  [builtins.INT8]: Number,
  [builtins.DATE]: String,
  [builtins.TIMESTAMPTZ]: isoOf,
};

/** `2024-02-29 23:59:59.5+00`: a `Date` would take several times as long, and a page has forty of them. */
function isoOf(text: string): string {
  const [, date, time, fraction = ""] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d*)?\+00$/.exec(text) ?? [];
  if (date === undefined) throw new RangeError("not a time in UTC of the years 1 to 9999");
  return `${date}T${time}.${fraction.padEnd(3, "0")}Z`;
}

const mostAttempts = 3;

/** Nobody knows whether a server that is lost carried out what it was sent, so that only this may be sent again. */
const isRead = (sql: string) => /^\s*SELECT\b/i.test(sql);

/** Tries again where that does no harm; what may pass by itself is a 503 after that. */
async function settled<T>(query: () => Promise<T>, isHarmless: boolean, patienceMs: number): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await query();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const again = isConflict(error) || (isHarmless && isLost(error));
      if (!again || attempt === mostAttempts || Date.now() >= until) {
        throw new Problem(503, "The database is out of service.", { cause: error });
      }
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

/** SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const conflicts = ["40001" /* serialization failure */, "40P01" /* deadlock */];
const passing = /^(25006|40|53|55P03|57014)/; // a primary that was, rollback, resources, lock, statement timeout
const lost = /^(08|57P0[123])/; // connection, stop and start

/** What the connection to the server may fail with, by the system and by pg, whose errors have no codes. */
const lostCodes = [
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ENOENT" /* no socket file */],
  ...["EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN", "ENOTFOUND", "EAI_AGAIN", "EMFILE", "ENFILE"],
];
const lostMessages = /^(Connection terminated|Query read timeout)/;
const unsentMessage = /not queryable$/; // lost as well, but before
const lateMessages = /^timeout (exceeded when|expired)/;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : "");
const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "");

const isConflict = (error: unknown) => error instanceof DatabaseError && conflicts.includes(codeOf(error));

function isLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return lost.test(codeOf(error));
  return lostCodes.includes(codeOf(error)) || lostMessages.test(messageOf(error)) || isUnsent(error);
}

const isUnsent = (error: unknown) => unsentMessage.test(messageOf(error));

/** A connection made anew may be to the server that took over. */
const isDemoted = (error: unknown) => error instanceof DatabaseError && codeOf(error) === "25006";

/** A server that tells an error has undone the statement. */
const mayBeDone = (error: unknown) => isLost(error) && !isUnsent(error) && !(error instanceof DatabaseError);

function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError && passing.test(codeOf(error))) return true;
  return isLost(error) || lateMessages.test(messageOf(error));
}

const migrationsFolder = new URL("../migrations/", import.meta.url);

/** Any number that nobody else locks in this database. */
const migrationLock = 4_718_092_356;

/**
 * Applies what is new, each file in a transaction of its own, so that the release that still runs gets back the tables
 * of one before the next begins. An instance that starts beside this one waits until the connection ends.
 */
export async function migrate(client: Client, folder: URL): Promise<void> {
  await client.query("SET lock_timeout = '60s'; SET statement_timeout = 0");
  await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
  // A change that waits for a table holds up everything behind it, also the release that serves meanwhile.
  await client.query("SET lock_timeout = '5s'");
  const applied = await appliedMigrations(client);
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".sql") || applied.has(name)) continue;
    try {
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
      await client.query(readFileSync(new URL(name, folder), "utf8"));
      await client.query('INSERT INTO "_migrations" ("name") VALUES ($1)', [name]);
      await client.query("COMMIT");
    } catch (cause) {
      throw new Error(`${name} was not applied: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}

/** Where the table is there it is not made, which would take rights that a service with nothing to migrate can do without. */
async function appliedMigrations(client: Client): Promise<Set<string>> {
  const found = await client.query<{ table: string | null }>(`SELECT to_regclass('"_migrations"') AS "table"`);
  if (found.rows[0]?.table === null) await client.query('CREATE TABLE "_migrations" ("name" text PRIMARY KEY)');
  const { rows } = await client.query<{ name: string }>('SELECT "name" FROM "_migrations"');
  return new Set(rows.map(({ name }) => name));
}
