import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer, Options } from "../support/http.ts";
import { addressed, bodyWith, changes, create, fields, type Item } from "../support/items.ts";
import type { Type } from "../support/resource.ts";
import { collectionOf, type Service, start } from "../support/service.ts";

interface Reference {
  readonly $ref?: string;
}

interface Schema extends Reference {
  readonly type?: string | readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly [keyword: string]: unknown;
}

interface Body extends Reference {
  readonly content?: Record<string, { readonly schema: Schema }>;
}

interface Response extends Reference {
  readonly content?: object;
  readonly headers?: Record<string, Reference & { required?: boolean }>;
}

interface Operation {
  readonly requestBody?: Body;
  readonly responses: Record<string, Response>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

const VERBS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

let service: Service;
let item: Item;
let document: Document;
let collection: string;

beforeAll(async () => {
  service = await start({ MAX_BODY_BYTES: "4096", SHUTDOWN_DELAY_MS: "2000" });
  collection = await collectionOf(service);
  item = await create(service);
  document = (await service.call("GET /openapi.json")).json as Document;
});

function operations(): [string, string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    VERBS.filter((verb) => verb in verbs).map((verb): [string, string, Operation] => [
      verb.toUpperCase(),
      path,
      verbs[verb] as Operation,
    ]),
  );
}

function operation(verb: string, path: string): Operation {
  const found = document.paths[path]?.[verb];
  if (found === undefined) throw new Error(`The document has no ${verb} ${path}.`);
  return found;
}

/** What a reference leads to, or the thing itself. */
function resolved<T extends Reference>(thing: T): T {
  if (thing.$ref === undefined) return thing;
  const found = thing.$ref
    .split("/")
    .slice(1)
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
  if (found === undefined) throw new Error(`${thing.$ref} leads nowhere.`);
  return resolved(found as T);
}

function contentOf({ requestBody = {} }: Operation): Record<string, { readonly schema: Schema }> {
  return resolved(requestBody).content ?? {};
}

function bodySchemas(): Schema[] {
  return [operation("post", collection), operation("patch", `${collection}/{id}`)].flatMap((one) =>
    Object.values(contentOf(one)).map(({ schema }) => resolved(schema)),
  );
}

test("D1 GET /openapi.json is an OpenAPI 3.1 document", async () => {
  const { status, headers, json } = await service.call("GET /openapi.json");
  expect(status).toBe(200);
  expect(headers["content-type"]).toMatch(/^application\/json(;|$)/);
  expect(json).toMatchObject({
    openapi: expect.stringMatching(/^3\.1\.\d+$/),
    info: { title: expect.any(String), version: expect.any(String) },
  });
});

test("D1 the document has every route, and no method that is 405", async () => {
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(["/livez", "/readyz", "/openapi.json", collection, `${collection}/{id}`]),
  );
  for (const path of Object.keys(document.paths)) {
    const documented = operations()
      .filter(([, one]) => one === path)
      .map(([verb]) => verb);
    const { headers } = await service.call(`QUERY ${path.replace("{id}", item.id)}`);
    const allowed = headers.allow?.split(",").map((verb) => verb.trim()) ?? [];
    expect([...new Set(["HEAD", ...documented])].sort()).toEqual(allowed.sort());
  }
});

test("D1 no answer is documented by default or as a range, nor as 405, 408, 431 or 500", () => {
  for (const [verb, path, { responses }] of operations()) {
    expect([
      verb,
      path,
      Object.keys(responses).filter(
        (status) => !/^[2-5]\d\d$/.test(status) || ["405", "408", "431", "500"].includes(status),
      ),
    ]).toEqual([verb, path, []]);
  }
});

test("D1 POST takes application/json, PATCH also a merge patch", () => {
  const types = (one: Operation) => Object.keys(contentOf(one)).sort();
  expect(types(operation("post", collection))).toEqual(["application/json"]);
  expect(types(operation("patch", `${collection}/{id}`))).toEqual(["application/json", "application/merge-patch+json"]);
});

test("D1 bodies have the fields and no others, and POST requires those that are not nullable", () => {
  for (const schema of bodySchemas()) {
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual(fields.map(({ name }) => name).sort());
  }
  const [create] = bodySchemas();
  expect([...((create?.required as string[] | undefined) ?? [])].sort()).toEqual(
    fields
      .filter(({ nullable }) => !nullable)
      .map(({ name }) => name)
      .sort(),
  );
});

test("D1 objects in bodies are additionalProperties: false", () => {
  const closed = (schema: Schema): void => {
    const { properties = {}, additionalProperties } = resolved(schema);
    if (resolved(schema).properties) expect(additionalProperties).toBe(false);
    for (const property of Object.values(properties)) closed(property);
  };
  expect(bodySchemas().length).toBeGreaterThanOrEqual(3);
  for (const schema of bodySchemas()) closed(schema);
});

test.each(fields.filter(({ type }) => type === "text"))(
  "D1 $name has a maxLength and a pattern that excludes NUL",
  ({ name }) => {
    for (const { properties } of bodySchemas()) {
      const { pattern, maxLength } = resolved(properties?.[name] ?? {}) as { pattern?: string; maxLength?: number };
      const fits = new RegExp(pattern ?? "", "u");
      expect(["", "a", "two\nlines", "\u{1f469}", "\0", "a\0b", "a\n\0"].map((text) => fits.test(text))).toEqual([
        true,
        true,
        true,
        true,
        false,
        false,
        false,
      ]);
      expect(maxLength).toBe(2_000);
    }
  },
);

const MOST = 9_007_199_254_740_991;
const whole = { type: "integer", minimum: -MOST, maximum: MOST };

/** JSON Schema for each type, without what a nullable field adds. */
const schemas: Record<Type, object> = {
  text: { type: "string", maxLength: 2_000 },
  integer: whole,
  money: { type: "object", properties: { minor_units: whole, currency: { type: "string", pattern: "^[A-Z]{3}$" } } },
  boolean: { type: "boolean" },
  date: { type: "string", format: "date" },
  timestamp: { type: "string", format: "date-time" },
  uuid: { type: "string", format: "uuid" },
  one_of: { type: "string" },
};

test.each(fields)("D1 the schema of $name is that of its type", ({ name, type, nullable, values }) => {
  for (const { properties } of bodySchemas()) {
    const schema = resolved(properties?.[name] ?? {});
    const { type: plain, ...rest } = schemas[type] as Schema;
    expect([schema.type].flat()).toEqual([plain, ...(nullable ? ["null"] : [])]);
    expect(schema).toMatchObject(rest);
    expect(schema.enum).toEqual(type === "one_of" ? [...values, ...(nullable ? [null] : [])] : undefined);
  }
});

describe("every documented answer can happen", () => {
  const text = { "content-type": "text/plain" };
  const stale = { "if-match": '"stale"' };
  const fresh = { "if-match": "*" };

  /** Per operation and status, a request that is answered so. `:id` exists, `:nobody` does not. */
  const provocations: Record<string, [string, Options?]> = {
    "GET /livez 200": ["/livez"],
    "GET /readyz 200": ["/readyz"],
    "GET /openapi.json 200": ["/openapi.json"],
    "GET :items 200": [":items"],
    "GET :items 400": [":items?limit=0"],
    "POST :items 201": [":items", { body: bodyWith() }],
    "POST :items 400": [":items", { body: "{" }],
    "POST :items 413": [":items", { body: " ".repeat(4_097) }],
    "POST :items 415": [":items", { headers: text, body: "{}" }],
    "POST :items 422": [":items", { body: "{}" }],
    "GET :items/{id} 200": [":items/:id"],
    "GET :items/{id} 304": [":items/:id", { headers: { "if-none-match": "*" } }],
    "GET :items/{id} 400": [":items/nonsense"],
    "GET :items/{id} 404": [":items/:nobody"],
    "PATCH :items/{id} 200": [":items/:id", { headers: fresh, body: "{}" }],
    "PATCH :items/{id} 400": [":items/:id", { headers: fresh, body: "{" }],
    "PATCH :items/{id} 404": [":items/:nobody", { headers: fresh, body: "{}" }],
    "PATCH :items/{id} 412": [":items/:id", { headers: stale, body: "{}" }],
    "PATCH :items/{id} 413": [":items/:id", { headers: fresh, body: " ".repeat(4_097) }],
    "PATCH :items/{id} 415": [":items/:id", { headers: { ...fresh, ...text }, body: "{}" }],
    "PATCH :items/{id} 422": [":items/:id", { headers: fresh, body: '{"surely_unknown":1}' }],
    "PATCH :items/{id} 428": [":items/:id", { body: "{}" }],
    "DELETE :items/{id} 400": [":items/nonsense"],
    "DELETE :items/{id} 404": [":items/:nobody"],
    "DELETE :items/{id} 412": [":items/:id", { headers: stale }],
    "DELETE :items/{id} 204": [":items/:id"],
  };

  /** These take a lock or a shutdown, and are provoked at the end. */
  const unavailable = ["POST :items 503", "PATCH :items/{id} 503", "DELETE :items/{id} 503", "GET /readyz 503"];

  /** Nothing holds off SQLite's readers; with a database elsewhere these happen too. */
  const elsewhere = ["GET :items 503", "GET :items/{id} 503"];

  function expectDocumented(answer: Answer, responses: Operation["responses"]): void {
    const documented = resolved(responses[answer.status] ?? {});
    expect(Object.keys(documented.content ?? {})).toEqual(
      answer.body === "" ? [] : [answer.headers["content-type"]?.split(";")[0]],
    );
    expect(Object.keys(answer.headers)).toEqual(
      expect.arrayContaining(
        Object.entries(documented.headers ?? {}).flatMap(([name, header]) =>
          resolved(header).required ? [name.toLowerCase()] : [],
        ),
      ),
    );
  }

  test("D1 and those that are documented are those that are known", () => {
    const documented = operations().flatMap(([verb, path, { responses }]) =>
      Object.keys(responses).map((status) => `${verb} ${path} ${status}`),
    );
    const known = [...Object.keys(provocations), ...unavailable, ...elsewhere].map((one) =>
      one.replace(":items", collection),
    );
    expect(
      documented
        .filter((one) => / (\/livez|\/readyz|\/openapi\.json) /.test(one) || one.includes(` ${collection}`))
        .sort(),
    ).toEqual(known.sort());
  });

  test.each(Object.entries(provocations))("D1 %s", async (what, [target, options]) => {
    const [verb = "", path = "", status] = what.replace(":items", collection).split(" ");
    const { id } = await create(service);
    const answer = await service.call(`${verb} ${addressed(target, { id })}`, options);
    expect(answer.status).toBe(Number(status));
    expectDocumented(answer, operation(verb.toLowerCase(), path).responses);
  });

  test("D1 503 of the writes while the database is locked, then of /readyz while shutting down", async () => {
    const one = `${collection}/{id}`;
    const lock = await service.database.lockWrites();
    try {
      const writes = await Promise.all([
        service.call("POST :items", { body: bodyWith() }),
        service.call(`PATCH :items/${item.id}`, { headers: fresh, body: changes()[0] }),
        service.call(`DELETE :items/${item.id}`),
      ]);
      const documented = [operation("post", collection), operation("patch", one), operation("delete", one)];
      expect(writes.map(({ status }) => status)).toEqual([503, 503, 503]);
      for (const [at, { responses }] of documented.entries()) expectDocumented(writes[at] as Answer, responses);
    } finally {
      await lock.release();
    }
    service.signal("SIGTERM");
    await sleep(200);
    const ready = await service.call("GET /readyz");
    expect(ready.status).toBe(503);
    expectDocumented(ready, operation("get", "/readyz").responses);
  });
});
