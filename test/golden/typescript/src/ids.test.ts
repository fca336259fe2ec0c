import assert from "node:assert/strict";
import { test } from "node:test";
import { cursorOf, idOf, newId } from "./ids.ts";

test("an id is a UUIDv7 of the moment that comes with it", () => {
  const { id, at } = newId();
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.replace("-", "").slice(0, 12), 16), Date.parse(at));
});

test("ids ascend within one millisecond, and when the clock steps back", () => {
  const now = Date.now() + 1_000;
  const ids = Array.from({ length: 10_000 }, () => newId(now).id);
  ids.push(newId(now - 60_000).id, newId(now).id);
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, ids.length);
});

test("a cursor is the bytes of an id", () => {
  const id = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
  assert.equal(cursorOf(id), "AZChssPUfl-Ka3yNng8aKw");
  assert.equal(idOf(cursorOf(id)), id);
  assert.ok(idOf(undefined) < id);
});
