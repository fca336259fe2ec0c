import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { type Database, openDatabase } from "../database.ts";
import { idParams, pageQuery, pageSchema } from "../schema.ts";
import { createLogger } from "../telemetry.ts";
import { createTestDatabase } from "../test-database.ts";
import { type Input, input, properties, representation } from "./fields.ts";

const sample: Input = {
  number: "first",
  amount: { minor_units: 1999, currency: "EUR" },
  due: "2026-01-31",
  paid: false,
  note: "first",
};

const change = {
  number: "second",
};

const collection = "/v1/invoices";
const { url, drop } = await createTestDatabase();
let database: Database;
let app: FastifyInstance;

before(async () => {
  const config = readConfig({ DATABASE_URL: url });
  assert.ok(!("faults" in config));
  database = await openDatabase(config);
  app = buildApp(config, database, createLogger("error"));
});

after(async () => {
  await app?.close();
  await database?.close();
  await drop();
});

interface Created extends Record<string, unknown> {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

const jsonType = { "content-type": "application/json" };

const post = (body: unknown) =>
  app.inject({ method: "POST", url: collection, headers: jsonType, body: JSON.stringify(body) });

const patch = (id: string, body: unknown, headers: Record<string, string>) =>
  app.inject({
    method: "PATCH",
    url: `${collection}/${id}`,
    headers: { ...jsonType, ...headers },
    body: JSON.stringify(body),
  });

const get = (path: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "GET", url: `${collection}${path}`, headers });

const remove = (id: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "DELETE", url: `${collection}/${id}`, headers });

async function create(): Promise<Created> {
  const response = await post(sample);
  assert.equal(response.statusCode, 201, response.body);
  return response.json<Created>();
}

describe("POST", () => {
  test("answers the whole, and where it is", async () => {
    const response = await post(sample);
    const { id, created_at, updated_at, ...fields } = response.json<Created>();
    assert.equal(response.statusCode, 201);
    assert.equal(response.headers.location, `${collection}/${id}`);
    assert.equal(created_at, updated_at);
    assert.deepEqual(fields, sample);
    assert.deepEqual((await get(`/${id}`)).json(), response.json());
  });

  test("takes each field that may be null as null or not at all, and each other one only whole", async () => {
    for (const name of Object.keys(properties)) {
      const { [name]: _, ...rest } = sample as Record<string, unknown>;
      const status = input.required.includes(name) ? 422 : 201;
      assert.equal((await post(rest)).statusCode, status, name);
      assert.equal((await post({ ...rest, [name]: null })).statusCode, status, name);
    }
  });

  test("points at every member that is at fault", async () => {
    const response = await post({ ...sample, id: 1, "a/b~c": 1 });
    assert.equal(response.statusCode, 422);
    const { errors } = response.json<{ errors: { pointer: string }[] }>();
    assert.deepEqual(errors.map(({ pointer }) => pointer).sort(), ["/a~1b~0c", "/id"]);
    const long = await post({ ...sample, ["x".repeat(100_000)]: 1 });
    assert.equal(long.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer, "");
    assert.ok(long.body.length < 1_000);
    assert.equal((await post([])).json<{ errors: { pointer: string }[] }>().errors[0]?.pointer, "");
  });
});

describe("GET", () => {
  test("answers 304 to a client that has it already", async () => {
    const { id } = await create();
    const { headers } = await get(`/${id}`);
    const response = await get(`/${id.toUpperCase()}`, { "if-none-match": `W/${headers.etag}` });
    assert.deepEqual([response.statusCode, response.headers.etag, response.body], [304, headers.etag, ""]);
  });

  test("tells an id that is none from one that is not there", async () => {
    assert.equal((await get("/1")).statusCode, 400);
    assert.equal((await get("/00000000-0000-7000-8000-000000000000")).statusCode, 404);
  });

  test("walks the collection, oldest first, each once", async () => {
    const made = [await create(), await create(), await create()].map(({ id }) => id);
    const walked: string[] = [];
    for (let query = "?limit=2"; ; ) {
      const response = await get(query);
      const page = response.json<{ data: Created[]; next_cursor: string | null }>();
      walked.push(...page.data.map(({ id }) => id));
      if (page.next_cursor === null) break;
      query = `?limit=2&cursor=${page.next_cursor}`;
      assert.equal(response.headers.link, `<${collection}${query}>; rel="next"`);
    }
    assert.deepEqual(walked, [...new Set(walked)].sort());
    assert.deepEqual(walked.slice(-3), made);
  });

  test("refuses a limit or a cursor that is none", async () => {
    for (const query of ["limit=0", "limit=101", "limit=", "limit=1&limit=2", "cursor=x", "cursor="]) {
      assert.equal((await get(`?${query}`)).statusCode, 400, query);
    }
    assert.equal((await get("?unknown=1")).statusCode, 200);
  });
});

describe("PATCH", () => {
  test("changes nothing, not even the tag, where it says what is there", async () => {
    const created = await create();
    for (const body of [{}, sample]) {
      const response = await patch(created.id, body, { "if-match": '"1"' });
      assert.deepEqual([response.statusCode, response.headers.etag], [200, '"1"']);
      assert.deepEqual(response.json(), created);
    }
  });

  test("changes what it names, and the tag with it, and nothing else", async () => {
    const created = await create();
    const response = await patch(created.id, change, { "if-match": '"1"' });
    const { updated_at, ...rest } = response.json<Created>();
    const { updated_at: earlier, ...expected } = { ...created, ...change };
    assert.deepEqual([response.statusCode, response.headers.etag], [200, '"2"']);
    assert.deepEqual(rest, expected);
    assert.ok(updated_at >= earlier);
  });

  test("dates no change before the last one", async (context) => {
    const created = await create();
    context.mock.timers.enable({ apis: ["Date"], now: 0 });
    const response = await patch(created.id, change, { "if-match": "*" });
    assert.equal(response.json<Created>().updated_at, created.updated_at);
  });

  test("needs the current tag, and refuses in order", async () => {
    const { id } = await create();
    assert.equal((await patch("1", {}, {})).statusCode, 400);
    assert.equal((await patch("00000000-0000-7000-8000-000000000000", {}, {})).statusCode, 404);
    assert.equal((await patch(id, { unknown: 1 }, {})).statusCode, 428);
    assert.equal((await patch(id, { unknown: 1 }, { "if-match": '"2"' })).statusCode, 412);
    assert.equal((await patch(id, { unknown: 1 }, { "if-match": '"1"' })).statusCode, 422);
    assert.equal((await patch(id, { unknown: null }, { "if-match": "*" })).statusCode, 422);
    assert.equal((await patch(id, {}, { "if-match": "*", "content-type": "text/plain" })).statusCode, 415);
  });

  test("lets one of two writers win", async () => {
    const { id } = await create();
    const both = [patch(id, change, { "if-match": '"1"' }), patch(id, change, { "if-match": '"1"' })];
    const statuses = (await Promise.all(both)).map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [200, 412]);
  });
});

describe("DELETE", () => {
  test("removes it once, and only at the tag that is asked for", async () => {
    const { id } = await create();
    assert.equal((await remove(id, { "if-match": '"2"' })).statusCode, 412);
    const statuses = (await Promise.all([remove(id), remove(id)])).map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [204, 404]);
    assert.equal((await get(`/${id}`)).statusCode, 404);
  });

  test("minds the type of a body only where there is one", async () => {
    const headers = { "content-type": "text/plain" };
    assert.equal((await remove((await create()).id, headers)).statusCode, 204);
    const { id } = await create();
    const response = await app.inject({ method: "DELETE", url: `${collection}/${id}`, headers, body: "x" });
    assert.equal(response.statusCode, 415);
  });
});

test("openapi.json has the schemas that are validated and answered", () => {
  const file = new URL("../../openapi.json", import.meta.url);
  const { schemas, parameters } = JSON.parse(readFileSync(file, "utf8")).components;
  const name = "Invoice";
  assert.deepEqual(schemas[name], representation);
  assert.deepEqual(schemas[`${name}Create`], input);
  assert.deepEqual(schemas[`${name}Page`], pageSchema({ $ref: `#/components/schemas/${name}` }));
  assert.deepEqual(parameters.Id.schema, idParams.properties.id);
  assert.deepEqual(parameters.Cursor.schema, pageQuery.properties.cursor);
  assert.deepEqual([parameters.Limit.name, parameters.Cursor.name], Object.keys(pageQuery.properties));
  assert.deepEqual(schemas[`${name}Patch`], {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(properties).map(([member, schema]) => [member, partOf(schema)])),
  });
});

/** In a patch, nested members may come alone. */
function partOf(schema: object): object {
  const { required: _, ...part } = { required: [], ...schema };
  return part;
}
