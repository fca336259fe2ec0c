import { beforeAll, expect, test } from "vitest";
import { bodyWith, create, fields, jsonOf, NOBODY } from "../support/items.ts";
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
const members = Array.from({ length: deep }, (_, at) => `"${at}":0`).join(",");
const moneyOrFirst = (fields.find(({ type }) => type === "money") ?? fields[0])?.name ?? "";
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
  ["100,000 members", `{${members}}`],
  ["100,000 members in a field", jsonOf({ [moneyOrFirst]: `{${members}}` })],
  ["half a million numbers beside an escaped surrogate pair", `["\\ud83d\\ude00"${",0".repeat(500_000)}]`],
];

test.each(bombs)("E3 %s is refused, and the service goes on", async (_what, body) => {
  const { id } = await create(service);
  expectProblem(await service.call("POST :items", { body }), [400, 422]);
  expectProblem(await service.call(`PATCH :items/${id}`, { body, headers: { "if-match": "*" } }), [400, 422]);
  expect((await service.call("GET /livez")).status).toBe(200);
});

test("E3 a body of the largest size with 100,000 members is refused, and /livez answers beside it", async () => {
  const most = 1_048_576;
  const { id } = await create(service);
  const body = `{${members}}`.padEnd(most);
  const sent = [0, 1].flatMap(() => [
    service.call("POST :items", { body }),
    service.call(`PATCH :items/${id}`, { body, headers: { "if-match": "*" } }),
  ]);
  const since = Date.now();
  expect((await service.call("GET /livez")).status).toBe(200);
  expect(Date.now() - since).toBeLessThan(10_000);
  for (const answer of await Promise.all(sent)) expectProblem(answer, [400, 422]);
});

test("E3 forty bodies of the largest size at once, of nothing but small values, cost little memory", async () => {
  await using fresh = await start();
  const { id } = await create(fresh);
  const values = `[${'{"":0},'.repeat(130_000)}0]`;
  const inAField = jsonOf({ [moneyOrFirst]: values });
  const sent = Array.from({ length: 10 }, () => [
    fresh.call("POST :items", { body: values }),
    fresh.call("POST :items", { body: inAField }),
    fresh.call(`PATCH :items/${id}`, { body: values, headers: { "if-match": "*" } }),
    fresh.call(`PATCH :items/${NOBODY}`, { body: inAField, headers: { "if-match": "*" } }),
  ]);
  for (const answer of await Promise.all(sent.flat())) expectProblem(answer, [400, 404, 422, 503]);
  expect(fresh.peak()).toBeLessThan(600 * 1_048_576);
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
