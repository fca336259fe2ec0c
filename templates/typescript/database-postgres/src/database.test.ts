import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Config, readConfig } from "./config.ts";
import { connect, type Database, databaseUrlFault, migrate, openDatabase } from "./database.ts";
import { createTestDatabase } from "./test-database.ts";

const { url, drop } = await createTestDatabase();
const outside = await connect(url);
let database: Database;

/** In time for any query here. */
const soon = () => performance.now() + 60_000;

function configOf(env: NodeJS.ProcessEnv): Config {
  const config = readConfig({ DATABASE_URL: url, ...env });
  assert.ok(!("faults" in config));
  return config;
}

before(async () => {
  const config = configOf({ REQUEST_TIMEOUT_MS: "1000" });
  // Two at once, as two instances that start together.
  const [first, second] = await Promise.all([openDatabase(config), openDatabase(config)]);
  await second.close();
  database = first;
  await outside.client.query(`
    CREATE TABLE "notes" ("id" bigint PRIMARY KEY, "text" text, "done" boolean);
    INSERT INTO "notes" VALUES (0, 'first', false);
  `);
});

after(async () => {
  await database?.close();
  await outside.client.end();
  await drop();
});

test("the URL is required, and its parameters are those of libpq", () => {
  const faults = readConfig({});
  assert.ok("faults" in faults);
  assert.match(faults.faults.join(), /^DATABASE_URL must be/);
  for (const right of [
    "postgres://localhost/app",
    "postgresql://a:b@[::1]:1/app?sslmode=allow",
    "postgres://a@/app?host=/run",
  ]) {
    assert.equal(databaseUrlFault(right), undefined, right);
  }
  for (const wrong of [
    "sqlite://data/app.db",
    "postgres://localhost:secret/app",
    "postgres://localhost/app?sslmode=secret",
    "postgres://localhost/app?sslmode=verify-ca",
    "postgres://localhost/app?sslmode=verify-full&sslrootcert=/secret.pem",
  ]) {
    assert.match(databaseUrlFault(wrong) ?? "", /^must (?!.*secret)/, wrong);
  }
});

test("every migration is recorded once, and none runs again", async () => {
  const recorded = () => database.all('SELECT "name" FROM "_migrations" ORDER BY "name"', [], soon());
  const names = await recorded();
  assert.ok(names.length > 0);
  await (await openDatabase(configOf({}))).close();
  assert.deepEqual(await recorded(), names);
});

describe("migrations of an instance", () => {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  after(() => rmSync(folder, { recursive: true }));
  const migrateWith = async (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { client } = await connect(url);
    try {
      await migrate(client, pathToFileURL(`${folder}/`));
    } finally {
      await client.end();
    }
  };

  test("are applied one by one: one that fails leaves those before it, and is told", async () => {
    const wrong = { "8001.sql": 'CREATE TABLE "first" ()', "8002.sql": 'CREATE TABLE "second" (); NO SUCH STATEMENT' };
    await assert.rejects(migrateWith(wrong), /8002\.sql was not applied: syntax error/);
    await migrateWith({ "8002.sql": 'CREATE TABLE "second" (); DROP TABLE "first"' });
    await migrateWith({});
  });

  test("wait for a table in use for seconds, and say so", async () => {
    await outside.client.query('BEGIN; LOCK TABLE "notes"');
    try {
      await assert.rejects(migrateWith({ "8003.sql": 'DROP TABLE "notes"' }), /8003\.sql was not applied: .*lock/);
    } finally {
      await outside.client.query("COMMIT");
    }
  });
});

test("PGSSLMODE stands in for an sslmode that the URL leaves out", () => {
  process.env.PGSSLMODE = "secret";
  assert.match(databaseUrlFault("postgres://localhost/app") ?? "", /^must have (?!.*secret).*PGSSLMODE/);
  assert.equal(databaseUrlFault("postgres://localhost/app?sslmode=require"), undefined);
  process.env.PGSSLMODE = "";
  assert.equal(databaseUrlFault("postgres://localhost/app"), undefined);
  delete process.env.PGSSLMODE;
});

test("a database that a later release has migrated is opened", async () => {
  await database.run('INSERT INTO "_migrations" VALUES ($1)', ["9999_later.sql"], soon());
  await (await openDatabase(configOf({}))).close();
});

test("values are bound by number, in any order", async () => {
  assert.equal(await database.run('INSERT INTO "notes" VALUES ($3, $1, $2)', ["a", true, 1], soon()), 1);
  const row = await database.get('SELECT * FROM "notes" WHERE "id" = $1', [1], soon());
  assert.deepEqual({ ...row }, { id: 1, text: "a", done: true });
  assert.equal(await database.get('SELECT * FROM "notes" WHERE "id" = $1', [2], soon()), undefined);
});

for (const [type, value] of [
  ["bigint", Number.MIN_SAFE_INTEGER],
  ["boolean", false],
  ["date", "0001-01-01"],
  ["text", "é\u{1f600}"],
  ["timestamptz(3)", "0001-01-01T00:00:00.000Z"],
  ["timestamptz(3)", "9999-12-31T23:59:59.999Z"],
  ["uuid", "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"],
] as const) {
  test(`${value} of type ${type} comes back as it was`, async () => {
    assert.deepEqual({ ...(await database.get(`SELECT $1::${type} AS "it"`, [value], soon())) }, { it: value });
  });
}

/** Every connection of it is to a server that takes no writes. */
const readOnlyUrl = `${url}${encodeURIComponent(" -c default_transaction_read_only=on")}`;

const passing = (code: string) => (error: { status: number; cause: { code: string } }) =>
  error.status === 503 && error.cause.code === code;

describe("what passes is a 503", () => {
  test("a lock that is held, and the ping goes on", async () => {
    await outside.client.query('BEGIN; LOCK TABLE "notes"');
    await assert.rejects(database.get('SELECT * FROM "notes"', [], soon()), passing("55P03"));
    await database.ping();
    await outside.client.query("COMMIT");
  });

  test("a statement that takes too long, and no connection left, but for the ping", async () => {
    const crowd = Array.from({ length: 12 }, () => database.get("SELECT pg_sleep(60)", [], soon()));
    await database.ping();
    for (const { reason } of (await Promise.allSettled(crowd)) as PromiseRejectedResult[])
      assert.equal(reason.status, 503);
  });

  test("a conflict, unless it is gone at the third attempt", async () => {
    await outside.client.query(`
      CREATE SEQUENCE "attempts";
      CREATE FUNCTION "conflict"("until" bigint) RETURNS bigint LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('attempts') < "until" THEN RAISE SQLSTATE '40001'; END IF;
        RETURN currval('attempts');
      END $$;
    `);
    assert.deepEqual({ ...(await database.get('SELECT "conflict"($1) AS "attempt"', [3], soon())) }, { attempt: 3 });
    await assert.rejects(database.get('SELECT "conflict"($1)', [7], soon()), { status: 503 });
    assert.deepEqual({ ...(await database.get('SELECT "conflict"($1) AS "attempt"', [7], soon())) }, { attempt: 7 });
  });
});

describe("connections that the server ends", () => {
  const pidOf = async (sql: string) => (await database.get(sql, [], soon()))?.pid;

  test("cost a read nothing", async () => {
    const first = await pidOf('SELECT pg_backend_pid() AS "pid"');
    await outside.client.query(`
      CREATE FUNCTION "end_once"("pid" int) RETURNS int LANGUAGE plpgsql AS $$
      BEGIN
        IF "pid" = pg_backend_pid() THEN PERFORM pg_terminate_backend("pid"), pg_sleep(1); END IF;
        RETURN pg_backend_pid();
      END $$;
    `);
    assert.notEqual(await pidOf(`SELECT "end_once"(${first}) AS "pid"`), first);
  });

  test("cost all writes one 503", async () => {
    const many = Array.from({ length: 8 }, () => pidOf('SELECT pg_backend_pid() AS "pid", pg_sleep(0.2)'));
    const pids = await Promise.all(many);
    const endAll = `
      WITH "it" AS (SELECT * FROM unnest($1::int[]) AS "pid" ORDER BY "pid" = pg_backend_pid())
      SELECT pg_terminate_backend("pid") FROM "it"
    `;
    await assert.rejects(database.run(endAll, [`{${pids}}`], soon()), passing("57P01"));
    const write = () => database.run('DELETE FROM "notes" WHERE "id" = -1', [], soon());
    assert.deepEqual(new Set(await Promise.all(pids.map(write))), new Set([0]));
  });
});

test("a server that takes no writes is left, though a start with nothing to migrate is content with it", async () => {
  const demoted = await openDatabase(configOf({ DATABASE_URL: readOnlyUrl }));
  const pid = async () => (await demoted.get('SELECT pg_backend_pid() AS "pid"', [], soon()))?.pid;
  const first = await pid();
  await assert.rejects(demoted.run('DELETE FROM "notes"', [], soon()), passing("25006"));
  assert.notEqual(await pid(), first);
  await demoted.close();
});

test("a statement that the server refuses costs no connection", async () => {
  const pid = async () => (await database.get('SELECT pg_backend_pid() AS "pid"', [], soon()))?.pid;
  const first = await pid();
  await assert.rejects(database.run('INSERT INTO "notes" VALUES (0, NULL, NULL)', [], soon()), { code: "23505" });
  assert.equal(await pid(), first);
});

describe("when the answer is due", () => {
  const insert = (id: number, deadline: number) =>
    database.run('INSERT INTO "notes" VALUES ($1, NULL, NULL)', [id], deadline);
  const isThere = async (id: number) =>
    (await database.get('SELECT * FROM "notes" WHERE "id" = $1', [id], soon())) !== undefined;

  test("no write starts", async () => {
    await assert.rejects(insert(5, performance.now() - 1), { status: 503 });
    assert.equal(await isThere(5), false);
  });

  test("one that waits is stopped before, and the next has its own time", async () => {
    await outside.client.query('BEGIN; LOCK TABLE "notes" IN EXCLUSIVE MODE');
    const due = performance.now() + 150;
    await assert.rejects(insert(6, due), { status: 503 });
    assert.equal(await isThere(6), false);
    await assert.rejects(insert(6, soon()), passing("55P03"));
    await outside.client.query("COMMIT");
    assert.equal(await isThere(6), false);
    assert.equal(await insert(6, soon()), 1);
  });
});

test("a value that cannot be read is a fault of ours, and not a 503", async () => {
  await assert.rejects(database.get("SELECT 'infinity'::timestamptz", [], soon()), RangeError);
});

test("a statement that is wrong is a fault of ours, and not a 503", async () => {
  await assert.rejects(database.get('SELECT * FROM "nothing"', [], soon()), { code: "42P01" });
});

describe("a server without TLS", () => {
  /** What a client asks for to speak TLS. */
  const sslRequest = 80_877_103;
  const refusal = (code: string) => {
    const fields = Buffer.from(`SFATAL\0C${code}\0Mno\0\0`);
    const head = Buffer.alloc(5, "E");
    head.writeInt32BE(4 + fields.length, 1);
    return Buffer.concat([head, fields]);
  };

  for (const [sslmode, code, ways, reason] of [
    ["disable", "28P01", ["clear"], { code: "28P01" }],
    ["allow", "28P01", ["clear"], { code: "28P01" }],
    ["allow", "28000", ["clear", "TLS"], /SSL/],
    ["prefer", "28P01", ["TLS", "clear"], { code: "28P01" }],
    ["require", "28P01", ["TLS"], /SSL/],
  ] as const) {
    test(`that refuses with ${code} is asked in ${ways.join(", then ")} by ${sslmode}`, async () => {
      const asked: string[] = [];
      const server = createServer((socket) => {
        socket
          .on("error", () => {})
          .on("data", (chunk) => {
            const isTls = chunk.readInt32BE(4) === sslRequest;
            asked.push(isTls ? "TLS" : "clear");
            socket.end(isTls ? "N" : refusal(code));
          });
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      const { port } = server.address() as AddressInfo;
      await assert.rejects(connect(`postgres://a:b@127.0.0.1:${port}/c?sslmode=${sslmode}`), reason);
      assert.deepEqual(asked, ways);
      server.close();
    });
  }
});
