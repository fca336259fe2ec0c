import { beforeAll, describe, expect, test } from "vitest";
import { connect, request } from "../support/http.ts";
import { bodyWith, create, fields, itemIn, plainAnswer, read, titled } from "../support/items.ts";
import { expectFault } from "../support/problem.ts";
import { collectionOf, type Service, start } from "../support/service.ts";
import { invalidValues, samples, validValues } from "../support/values.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MILLISECONDS_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

let service: Service;

beforeAll(async () => {
  service = await start();
});

describe("what POST answers", () => {
  test("R1 POST is 201 with Location, ETag and the whole representation", async () => {
    const before = Date.now();
    const answer = await service.call("POST :items", { body: bodyWith() });
    const { id, created_at, updated_at, ...rest } = itemIn(answer).representation;
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      location: `${await collectionOf(service)}/${id}`,
      etag: expect.stringMatching(/^"[^"]*"$/),
      "content-type": expect.stringMatching(/^application\/json(;|$)/),
    });
    expect(id).toMatch(UUID_V7);
    expect(rest).toEqual(plainAnswer());
    expect(created_at).toMatch(MILLISECONDS_UTC);
    expect(updated_at).toBe(created_at);
    expect(Math.abs(Date.parse(created_at) - before)).toBeLessThan(10_000);
  });

  test("R1 nullable fields may be left out and are null then", async () => {
    const nullable = fields.filter((field) => field.nullable).map(({ name }): [string, undefined] => [name, undefined]);
    const { representation } = await create(service, bodyWith(Object.fromEntries(nullable)));
    expect(representation).toMatchObject(Object.fromEntries(nullable.map(([name]) => [name, null])));
  });

  test("R1 id and created_at come from one reading of the clock", async () => {
    for (const { id, representation } of await Promise.all(Array.from({ length: 20 }, () => create(service)))) {
      expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.parse(representation.created_at));
    }
  });

  test("R1 ids ascend, also within one millisecond", async () => {
    const connection = await connect(service);
    const post = request(`POST ${await collectionOf(service)}`, { body: bodyWith() });
    connection.write(Buffer.concat(Array(200).fill(post)));
    const ids: string[] = [];
    while (ids.length < 200) ids.push(String(((await connection.answer())?.json as { id?: string } | undefined)?.id));
    connection.end();
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test("R1 ids are unique and ascend from one wave of writers to the next", async () => {
    const waves: string[][] = [];
    for (let wave = 0; wave < 4; wave++) {
      const items = await Promise.all(Array.from({ length: 40 }, () => create(service)));
      waves.push(items.map(({ id }) => id).sort());
    }
    const ids = waves.flat();
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test("R1 a UUID in a path may be in upper case", async () => {
    const item = await create(service);
    expect(await read(service, { id: item.id.toUpperCase() })).toEqual(item);
  });
});

describe("values", () => {
  for (const field of fields) {
    test.each(titled(validValues(field)))(`R1 ${field.name} takes %s`, async (_title, { text, answer }) => {
      const item = await create(service, bodyWith({ [field.name]: text }));
      expect(item.representation[field.name]).toEqual(answer);
      expect(await read(service, item)).toEqual(item);
    });

    test.each(titled(invalidValues(field)))(`R1 ${field.name} refuses %s`, async (_title, { text, at }) => {
      const answer = await service.call("POST :items", { body: bodyWith({ [field.name]: text }) });
      expectFault(answer, at);
    });
  }

  test.each(fields)("R1 of $name given twice the last counts", async (field) => {
    const [one, other] = samples(field);
    for (const first of [one.text, '{"surely_unknown":[]}']) {
      const body = bodyWith({ [field.name]: undefined }).replace(
        "{",
        `{"${field.name}":${first},"${field.name}":${other.text}${fields.length > 1 ? "," : ""}`,
      );
      expect((await create(service, body)).representation[field.name]).toEqual(other.answer);
    }
  });
});

const text = fields.filter(({ type }) => type === "text");

/** Every code point up to U+1FFF but NUL, and some beyond. */
const characters = [
  ...Array.from({ length: 0x1fff }, (_, at) => String.fromCodePoint(at + 1)),
  ..."\ud7ff\ue000\ufdd0\ufffe\u{1f469}\u200d\u{1f4bb}\u{10ffff}",
].join("");

const texts = [
  ...[" around ", "\n", "\u00a0\t", "e\u0301", "\u00e9", "\u212b", "\ufb01"],
  ...(characters.match(/.{1,1900}/gsu) ?? []),
];

const escaped = (text: string) =>
  `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;

test.each(text)("R5 $name comes back byte for byte, escaped or not", async ({ name }) => {
  for (const text of texts) {
    for (const sent of [JSON.stringify(text), escaped(text)]) {
      const item = await create(service, bodyWith({ [name]: sent }));
      expect((await read(service, item)).representation[name]).toBe(text);
    }
  }
});

test.each(text)("R5 the document names the limit of $name", async ({ name }) => {
  const document = JSON.stringify((await service.call("GET /openapi.json")).json);
  expect(document).toMatch(new RegExp(`"${name}":\\{[^{}]*"maxLength":2000\\b`));
});
