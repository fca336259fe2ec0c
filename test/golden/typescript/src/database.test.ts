import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, databaseUrlFault, openDatabase } from "./database.ts";

const folder = mkdtempSync(join(tmpdir(), "database-"));
const file = join(folder, "nested", "test.db");
let database: Database;

before(async () => {
  // Two at once, as two instances that start together.
  const [first, second] = await Promise.all([openDatabase(`sqlite://${file}`), openDatabase(`sqlite://${file}`)]);
  await second.close();
  database = first;
  await database.run('CREATE TABLE "notes" ("id" INTEGER PRIMARY KEY, "text" TEXT, "done" INTEGER) STRICT', []);
});

after(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

test("a URL is a scheme and a path", () => {
  assert.equal(databaseUrlFault("sqlite://data/app.db"), undefined);
  assert.match(databaseUrlFault("sqlite://") ?? "", /must be/);
  assert.match(databaseUrlFault("postgres://localhost/app") ?? "", /must be/);
});

test("every migration is recorded once, and none runs again", async () => {
  const recorded = () => database.all('SELECT "name" FROM "_migrations" ORDER BY "name"', []);
  const names = await recorded();
  assert.ok(names.length > 0);
  await (await openDatabase(`sqlite://${file}`)).close();
  assert.deepEqual(await recorded(), names);
});

test("values are bound by number, in any order", async () => {
  assert.equal(await database.run('INSERT INTO "notes" VALUES ($3, $1, $2)', ["a", true, 1]), 1);
  const row = await database.get('SELECT * FROM "notes" WHERE "id" = $1', [1]);
  assert.deepEqual({ ...row }, { id: 1, text: "a", done: 1 });
  assert.equal(await database.get('SELECT * FROM "notes" WHERE "id" = $1', [2]), undefined);
});

describe("while another connection holds the lock", () => {
  const other = () => new DatabaseSync(file);
  const write = () => database.run('INSERT INTO "notes" VALUES ($1, NULL, NULL)', [Math.floor(Math.random() * 1e9)]);

  test("a write waits for it, and the event loop goes on", async () => {
    using holder = other();
    holder.exec("BEGIN IMMEDIATE");
    let written = 0;
    const writing = write().then((rows) => {
      written = rows;
    });
    await sleep(50);
    assert.ok(await database.get('SELECT count(*) FROM "notes"', []));
    assert.equal(written, 0);
    holder.exec("COMMIT");
    await writing;
    assert.equal(written, 1);
  });

  test("a write gives up with a 503", async ({ mock }) => {
    using holder = other();
    holder.exec("BEGIN IMMEDIATE");
    mock.timers.enable({ apis: ["Date"] });
    const written = assert.rejects(write(), { status: 503 });
    mock.timers.tick(5_000);
    await written;
  });
});

test("answers the ping until its file is gone", async () => {
  const lost = await openDatabase(`sqlite://${join(folder, "lost.db")}`);
  await lost.ping();
  rmSync(join(folder, "lost.db"));
  await assert.rejects(lost.ping());
  await lost.close();
});
