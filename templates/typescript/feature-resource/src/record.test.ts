import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cursorOf, idOf, isUnmodified, mergePatch, newId, requireMatch } from "./record.ts";

describe("ids", () => {
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
});

describe("mergePatch", () => {
  for (const [target, patch, result] of [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c", d: "e" } }, { a: { b: "d", d: null } }, { a: { b: "d" } }],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "b" }, null, null],
    [{ a: null }, { a: { b: null } }, { a: { b: null } }],
    [{ a: "b" }, { unknown: null }, { a: "b", unknown: null }],
  ] as const) {
    test(`${JSON.stringify(target)} with ${JSON.stringify(patch)} is ${JSON.stringify(result)}`, () => {
      assert.equal(JSON.stringify(mergePatch(target, patch)), JSON.stringify(result));
    });
  }
});

describe("entity tags", () => {
  for (const [header, matches, unmodified] of [
    [undefined, 428, false],
    ['"1"', true, true],
    ['"0" , "1"', true, true],
    ["*", true, true],
    ['"2"', 412, false],
    ['W/"1"', 412, true],
    ["1", 412, false],
    ['"1", x', 412, false],
    ["", 412, false],
  ] as const) {
    test(`${header} against "1"`, () => {
      if (matches === true) assert.doesNotThrow(() => requireMatch(header, '"1"'));
      else assert.throws(() => requireMatch(header, '"1"'), { status: matches });
      assert.equal(isUnmodified(header, '"1"'), unmodified);
    });
  }
});
