import { beforeAll, describe, expect, test } from "vitest";
import { connect, request } from "../support/http.ts";
import { changes, create, type Item, NOBODY, patch, read } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { collectionOf, type Service, start } from "../support/service.ts";

let service: Service;

beforeAll(async () => {
  service = await start();
});

/** `E` stands for the item's own tag. A list is sent as several header lines. */
type Condition = string | string[];

function conditionOn({ etag }: Item, condition: Condition): Condition {
  return Array.isArray(condition)
    ? condition.map((line) => line.replaceAll("E", etag))
    : condition.replaceAll("E", etag);
}

describe("If-None-Match", () => {
  const cases: [Condition, 200 | 304][] = [
    ["E", 304],
    ["W/E", 304],
    ["*", 304],
    ['"other", E', 304],
    ['E,"other"', 304],
    ['"other" , W/E , "third"', 304],
    ['"a,b", E', 304],
    ['"", E', 304],
    [['"other"', "E"], 304],
    ['"other"', 200],
    ['W/"other"', 200],
    ['"other", "third"', 200],
    ["nonsense", 200],
    ['"unterminated', 200],
    ['""', 200],
  ];

  test.each(cases)("R3 GET and HEAD with If-None-Match: %s are %i", async (condition, status) => {
    const item = await create(service);
    for (const method of ["GET", "HEAD"]) {
      const answer = await service.call(`${method} :items/${item.id}`, {
        headers: { "if-none-match": conditionOn(item, condition) },
      });
      expect(answer).toMatchObject({ status, headers: { etag: item.etag, "x-request-id": expect.any(String) } });
      if (status === 304 || method === "HEAD") expect(answer.body).toBe("");
      else expect(answer.json).toEqual(item.representation);
    }
  });

  test("R3 GET one is what POST answered, with the same strong ETag", async () => {
    const item = await create(service);
    expect(item.etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
    expect(await read(service, item)).toEqual(item);
  });

  test("R3 a changed item is no match any more", async () => {
    const item = await create(service);
    await patch(service, item, changes()[0]);
    expect((await service.call(`GET :items/${item.id}`, { headers: { "if-none-match": item.etag } })).status).toBe(200);
  });

  test("R3 an id that nobody has is 404 all the same", async () => {
    expectProblem(await service.call(`GET :items/${NOBODY}`, { headers: { "if-none-match": "*" } }), 404);
  });
});

describe("If-Match", () => {
  const cases: [Condition, boolean][] = [
    ["E", true],
    ["*", true],
    ['"other", E', true],
    ['E,"other"', true],
    ['"other" , E , "third"', true],
    ['W/"other", E', true],
    ['"a,b", E', true],
    [['"other"', "E"], true],
    ["W/E", false],
    ['"other", W/E', false],
    ['"other"', false],
    ['""', false],
    ["", false],
    ["nonsense", false],
    ['"unterminated', false],
  ];

  test.each(cases)("R4 PATCH and DELETE with If-Match: %s go through: %s", async (condition, through) => {
    const item = await create(service);
    const headers = { "content-type": "application/json", "if-match": conditionOn(item, condition) };
    const patched = await service.call(`PATCH :items/${item.id}`, { headers, body: "{}" });
    const deleted = await service.call(`DELETE :items/${item.id}`, {
      headers: { "if-match": conditionOn(item, condition) },
    });
    if (through) expect([patched.status, deleted.status]).toEqual([200, 204]);
    else for (const answer of [patched, deleted]) expectProblem(answer, 412);
  });

  test("R4 a tag without its quotes is malformed: 412", async () => {
    const item = await create(service);
    expectProblem(await patch(service, { ...item, etag: item.etag.replaceAll('"', "") }, "{}"), 412);
  });

  test("R4 PATCH without If-Match is 428, and changes nothing", async () => {
    const item = await create(service);
    expectProblem(await service.call(`PATCH :items/${item.id}`, { body: changes()[0] }), 428);
    expect(await read(service, item)).toEqual(item);
  });

  test("R4 a stale tag is 412, and changes nothing", async () => {
    const item = await create(service);
    const changed = await patch(service, item, changes()[0]);
    expectProblem(await patch(service, item, changes()[1]), 412);
    expectProblem(await service.call(`DELETE :items/${item.id}`, { headers: { "if-match": item.etag } }), 412);
    expect((await read(service, item)).representation).toEqual(changed.json);
  });

  test("R4 of sixteen writers with one tag exactly one wins", async () => {
    for (let round = 0; round < 5; round++) {
      const item = await create(service);
      const answers = await Promise.all(Array.from({ length: 16 }, () => patch(service, item, changes()[0])));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(15).fill(412)]);
    }
  });

  test("R4 of sixteen deletes with one tag exactly one wins", async () => {
    const item = await create(service);
    const answers = await Promise.all(
      Array.from({ length: 16 }, () =>
        service.call(`DELETE :items/${item.id}`, { headers: { "if-match": item.etag } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(15).fill(404)]);
  });

  test("R4 of sixteen writers over two instances exactly one wins", async () => {
    await using other = await start({}, service.database);
    for (let round = 0; round < 10; round++) {
      const item = await create(service);
      const writers = Array.from({ length: 16 }, (_, at) => patch(at % 2 ? service : other, item, changes()[0]));
      const statuses = (await Promise.all(writers)).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, ...Array(15).fill(412)]);
    }
  });

  test("R4 every change has a tag of its own, also within one millisecond", async () => {
    const { id, etag } = await create(service);
    const bodies = Array.from({ length: 100 }, (_, at) => changes()[at % 2]);
    const connection = await connect(service);
    const target = `PATCH ${await collectionOf(service)}/${id}`;
    connection.write(Buffer.concat(bodies.map((body) => request(target, { headers: { "if-match": "*" }, body }))));
    const tags = [etag];
    for (const _ of bodies) tags.push((await connection.answer())?.headers.etag ?? "");
    connection.end();
    expect(tags.filter((tag, at) => tag === "" || tag === tags[at - 1])).toEqual([]);
  });
});
