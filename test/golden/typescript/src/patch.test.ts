import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isUnmodified, mergePatch, requireMatch } from "./patch.ts";

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
