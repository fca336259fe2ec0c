import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decode, formats } from "./body.ts";

describe("decode", () => {
  const encoded = (text: string) => new TextEncoder().encode(text);

  test("keeps the last of a repeated member, and reads 1.0 as 1", () => {
    assert.deepEqual({ ...(decode(encoded('{"a":1,"a":1.0}')) as object) }, { a: 1 });
  });

  test("has no member that was not sent", () => {
    assert.equal((decode(encoded("{}")) as Record<string, unknown>).constructor, undefined);
    assert.deepEqual(Object.keys(decode(encoded('{"__proto__":1}')) as object), ["__proto__"]);
  });

  for (const [what, bytes] of Object.entries({
    "half a JSON text": encoded('{"a":'),
    "bytes that are not UTF-8": Uint8Array.of(0x22, 0xff, 0x22),
    "a byte order mark": encoded("\ufeff{}"),
    "half a surrogate pair": encoded('{"a":"\\ud800"}'),
    "half a surrogate pair in a name": encoded('{"\\udc00":1}'),
  })) {
    test(`refuses ${what}`, () => assert.throws(() => decode(bytes)));
  }

  test("takes a whole surrogate pair, and any depth", () => {
    assert.equal(decode(encoded('"\\ud83d\\ude00"')), "😀");
    assert.doesNotThrow(() => decode(encoded(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)));
  });
});

describe("formats", () => {
  for (const [name, valid, invalid] of [
    ["date", ["2024-02-29", "0001-01-01", "9999-12-31"], ["2023-02-29", "0000-01-01", "2024-2-9", "2024-01-01T00:00"]],
    [
      "date-time",
      ["2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123+23:59", "2024-01-01T00:00:00-00:00"],
      [
        "2024-01-01T00:00:60Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:00:00.1234Z",
        "2024-01-01T00:00:00",
        "2024-02-30T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
      ],
    ],
    [
      "uuid",
      ["0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B"],
      ["urn:uuid:0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "0190a1b2c3d47e5f8a6b7c8d9e0f1a2b", ""],
    ],
  ] as const) {
    for (const value of valid) test(`${value} is a ${name}`, () => assert.equal(formats[name](value), true));
    for (const value of invalid) test(`${value} is not a ${name}`, () => assert.equal(formats[name](value), false));
  }
});
