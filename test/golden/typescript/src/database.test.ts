import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Config, readConfig } from "./config.ts";
import { type Database, databaseUrlFault, openDatabase } from "./database.ts";
import { createTestDatabase } from "./test-database.ts";

const { url, drop } = await createTestDatabase();
const file = url.slice("sqlite://".length);
let database: Database;

/** In time for any query here. */
const soon = () => performance.now() + 10_000;

function configOf(env: NodeJS.ProcessEnv): Config {
  const config = readConfig(env);
  assert.ok(!("faults" in config));
  return config;
}

before(async () => {
  const config = configOf({ DATABASE_URL: url, REQUEST_TIMEOUT_MS: "1000" });
  // Two at once, as two instances that start together.
  const [first, second] = await Promise.all([openDatabase(config), openDatabase(config)]);
  await second.close();
  database = first;
  await database.run('CREATE TABLE "notes" ("id" INTEGER PRIMARY KEY, "text" TEXT, "done" INTEGER) STRICT', [], soon());
});

after(async () => {
  await database?.close();
  await drop();
});

test("a URL is a scheme and a path", () => {
  assert.equal(databaseUrlFault("sqlite://data/app.db"), undefined);
  for (const wrong of ["sqlite://", "sqlite://:memory:", "sqlite://app.db?mode=ro", "postgres://localhost/app"]) {
    assert.match(databaseUrlFault(wrong) ?? "", /must be/, wrong);
  }
});

test("every migration is recorded once, and none runs again", async () => {
  const recorded = () => database.all('SELECT "name" FROM "_migrations" ORDER BY "name"', [], soon());
  const names = await recorded();
  assert.ok(names.length > 0);
  await (await openDatabase(configOf({ DATABASE_URL: url }))).close();
  assert.deepEqual(await recorded(), names);
});

test("a database that a later release has migrated is opened", async () => {
  await database.run('INSERT INTO "_migrations" VALUES ($1)', ["9999_later.sql"], soon());
  await (await openDatabase(configOf({ DATABASE_URL: url }))).close();
});

test("values are bound by number, in any order", async () => {
  assert.equal(await database.run('INSERT INTO "notes" VALUES ($3, $1, $2)', ["a", true, 1], soon()), 1);
  const row = await database.get('SELECT * FROM "notes" WHERE "id" = $1', [1], soon());
  assert.deepEqual({ ...row }, { id: 1, text: "a", done: 1 });
  assert.equal(await database.get('SELECT * FROM "notes" WHERE "id" = $1', [2], soon()), undefined);
});

describe("while another connection holds the lock", () => {
  const other = () => new DatabaseSync(file);
  const write = () =>
    database.run('INSERT INTO "notes" VALUES ($1, NULL, NULL)', [Math.floor(Math.random() * 1e9)], soon());

  test("a write waits for it, and the event loop goes on", async () => {
    using holder = other();
    holder.exec("BEGIN IMMEDIATE");
    let written = 0;
    const writing = write().then((rows) => {
      written = rows;
    });
    await sleep(50);
    assert.ok(await database.get('SELECT count(*) FROM "notes"', [], soon()));
    assert.equal(written, 0);
    holder.exec("COMMIT");
    await writing;
    assert.equal(written, 1);
  });

  test("a write gives up with a 503", async () => {
    using holder = other();
    holder.exec("BEGIN IMMEDIATE");
    await assert.rejects(write(), ({ status, cause }) => status === 503 && cause.errcode === 5);
  });

  test("the database is ready", async () => {
    using holder = other();
    holder.exec("BEGIN EXCLUSIVE");
    await database.ping();
  });
});

test("no write starts when its answer is due", async () => {
  const late = database.run('INSERT INTO "notes" VALUES (5, NULL, NULL)', [], performance.now() - 1);
  await assert.rejects(late, { status: 503 });
  assert.equal(await database.get('SELECT * FROM "notes" WHERE "id" = 5', [], soon()), undefined);
});

test("answers the ping while its file is in place", async () => {
  await database.ping();
  renameSync(file, `${file}.away`);
  await assert.rejects(database.ping());
  writeFileSync(file, "");
  await assert.rejects(database.ping());
  renameSync(`${file}.away`, file);
  await database.ping();
});

test("a file that is no database is a fault of ours, and not a 503", async () => {
  const broken = await createTestDatabase();
  writeFileSync(broken.url.slice("sqlite://".length), "no database".repeat(100));
  await assert.rejects(openDatabase(configOf({ DATABASE_URL: broken.url })), { errcode: 26 });
  await broken.drop();
});
