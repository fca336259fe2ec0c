import { beforeAll, expect, test } from "vitest";
import { bodyWith, create, fields, jsonOf } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { type Service, start } from "../support/service.ts";
import { hostileValues } from "../support/values.ts";

let service: Service;

beforeAll(async () => {
  service = await start();
});

/** These bytes in the place of the bar. */
function around(text: string, bytes: readonly number[]): Buffer {
  const [before = "", after = ""] = text.split("|");
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
}

for (const field of fields) {
  test.each(Object.entries(hostileValues(field)))(`E3 ${field.name} refuses %s`, async (_what, text) => {
    expectProblem(await service.call("POST :items", { body: bodyWith({ [field.name]: text }) }), [400, 422]);
  });
}

const deep = 100_000;
const bombs: [string, string | Uint8Array][] = [
  ["100,000 arrays", "[".repeat(deep) + "]".repeat(deep)],
  ["100,000 objects", `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`],
  ["100,000 arrays that are not closed", "[".repeat(deep)],
  ["100,000 arrays in an unknown member", bodyWith({ surely_unknown: "[".repeat(deep) + "]".repeat(deep) })],
  ["100,000 arrays in a field", jsonOf({ [fields[0]?.name ?? ""]: "[".repeat(deep) + "]".repeat(deep) })],
  ["a byte that is no UTF-8", around('{"a":"|"}', [0xff])],
  ["an overlong NUL", around('{"a":"|"}', [0xc0, 0x80])],
  ["a surrogate in UTF-8", around('{"a":"|"}', [0xed, 0xa0, 0x80])],
  ["a character cut short", around(`${bodyWith().slice(0, -1)}|`, [0xe2, 0x82])],
  ["UTF-16", Buffer.from(bodyWith(), "utf16le")],
  ["NUL bytes", Buffer.alloc(100)],
  ["a member with a lone surrogate for a name", '{"\\ud800":1}'],
  ["100,000 members", `{${Array.from({ length: deep }, (_, at) => `"${at}":0`).join(",")}}`],
];

test.each(bombs)("E3 %s is refused, and the service goes on", async (_what, body) => {
  const { id } = await create(service);
  expectProblem(await service.call("POST :items", { body }), [400, 422]);
  expectProblem(await service.call(`PATCH :items/${id}`, { body, headers: { "if-match": "*" } }), [400, 422]);
  expect((await service.call("GET /livez")).status).toBe(200);
});

const bytes: [string, number[]][] = [
  ["a lone byte", [0xff]],
  ["an overlong slash", [0xc0, 0xaf]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["a code point beyond the last", [0xf4, 0x90, 0x80, 0x80]],
];

for (const { name } of fields.filter(({ type }) => type === "text")) {
  test.each(bytes)(`E3 ${name} refuses bytes that are no UTF-8: %s`, async (_what, sequence) => {
    const body = around(bodyWith({ [name]: '"|"' }), sequence);
    expectProblem(await service.call("POST :items", { body }), [400, 422]);
  });
}
