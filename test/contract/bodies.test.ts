import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { connect, type Options, request } from "../support/http.ts";
import { addressed, bodyWith, create, fields, type Item, jsonOf, NOBODY, patch } from "../support/items.ts";
import { expectFault, expectProblem } from "../support/problem.ts";
import { collectionOf, type Service, start } from "../support/service.ts";
import { samples } from "../support/values.ts";

const LIMIT = 4_096;

let service: Service;
let item: Item;

beforeAll(async () => {
  service = await start({ MAX_BODY_BYTES: String(LIMIT) });
  item = await create(service);
});

function call(target: string, options?: Options) {
  return service.call(addressed(target, item), options);
}

const json = { "content-type": "application/json" };
const merge = { "content-type": "application/merge-patch+json", "if-match": "*" };

describe("413", () => {
  test.each(["POST :items", "PATCH :items/:id"])(
    "E2 %s takes a body of the limit and refuses one byte more",
    async (target) => {
      const exact = `{}${" ".repeat(LIMIT - 2)}`;
      const headers = target.startsWith("PATCH") ? merge : json;
      expect((await call(target, { headers, body: exact })).status).toBe(target.startsWith("PATCH") ? 200 : 422);
      expectProblem(await call(target, { headers, body: `${exact} ` }), 413);
    },
  );

  test.each(["POST :items", "PATCH :items/:id"])(
    "E2 %s refuses a chunked body over the limit before its end",
    async (target) => {
      const connection = await connect(service);
      const [method = "", path = ""] = target.split(" ");
      const real = addressed(path.replace(":items", await collectionOf(service)), item);
      connection.write(
        request(`${method} ${real}`, {
          headers: { ...(method === "PATCH" ? merge : json), "transfer-encoding": "chunked" },
        }),
      );
      for (const chunk of [bodyWith().slice(0, -1), " ".repeat(LIMIT)])
        connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      const answer = await connection.answer();
      expect(answer).toBeDefined();
      if (answer) expectProblem(answer, 413);
      connection.end();
    },
  );

  test("E2 a chunked body within the limit is taken", async () => {
    const body = bodyWith();
    const chunked = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(
      (await call("POST :items", { headers: { ...json, "transfer-encoding": "chunked" }, body: chunked })).status,
    ).toBe(201);
  });
});

describe("415", () => {
  test.each([
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
    "application/jsonp",
    "json",
    "*/*",
    undefined,
  ])("E2 a body of the type %s is 415", async (type) => {
    expectProblem(await call("POST :items", { headers: { "content-type": type }, body: bodyWith() }), 415);
    expectProblem(
      await call("PATCH :items/:id", { headers: { "content-type": type, "if-match": "*" }, body: "{}" }),
      415,
    );
  });

  test("E2 a merge patch is no body for POST", async () => {
    expectProblem(
      await call("POST :items", { headers: { "content-type": "application/merge-patch+json" }, body: bodyWith() }),
      415,
    );
  });

  test("E2 a body in a coding is 415, and one in none is taken", async () => {
    const headers = { "content-type": "application/json" };
    const coded = { headers: { ...headers, "content-encoding": "gzip" }, body: gzipSync(bodyWith()) };
    expectProblem(await call("POST :items", coded), 415);
    const plain = { headers: { ...headers, "content-encoding": "identity" }, body: bodyWith() };
    expect((await call("POST :items", plain)).status).toBe(201);
  });

  test("E2 neither a media type nor a body is 415", async () => {
    expectProblem(await call("POST :items"), 415);
    expectProblem(await call("PATCH :items/:id", { headers: { "if-match": "*" } }), 415);
  });

  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/json;charset=UTF-8",
    "application/json; charset=latin1",
  ])("E2 %s is taken", async (type) => {
    expect((await call("POST :items", { headers: { "content-type": type }, body: bodyWith() })).status).toBe(201);
    expect(
      (await call("PATCH :items/:id", { headers: { "content-type": type, "if-match": "*" }, body: "{}" })).status,
    ).toBe(200);
  });
});

describe("422", () => {
  test.each(["[]", "null", "1", '"text"', "true"])("E2 the body %s is 422 at the root", async (body) => {
    expectFault(await call("POST :items", { body }), [""]);
    expectFault(await call("PATCH :items/:id", { headers: merge, body }), [""]);
  });

  test.each(fields.filter(({ nullable }) => !nullable))("E2 a body without $name is 422 there", async ({ name }) => {
    expectFault(await call("POST :items", { body: bodyWith({ [name]: undefined }) }), [`/${name}`, ""]);
  });

  const excesses = fields.flatMap(({ name, type }): [string, string, string][] => {
    if (type === "text") return [[name, JSON.stringify("x".repeat(2_001)), `/${name}`]];
    if (type === "integer") return [[name, "9007199254740992", `/${name}`]];
    if (type === "money") return [[name, '{"minor_units":9007199254740992,"currency":"EUR"}', `/${name}/minor_units`]];
    return [];
  });

  test.runIf(excesses.length > 0)("E2 faults of length and range are reported all at once", async () => {
    await using roomy = await start();
    const faults = expectProblem(
      await roomy.call("POST :items", { body: bodyWith(Object.fromEntries(excesses)) }),
      422,
    );
    expect(faults.map(({ pointer }) => pointer).sort()).toEqual(excesses.map(([, , pointer]) => pointer).sort());
  });

  const strangers: [string, string, string][] = [
    ["surely_unknown", "1", "/surely_unknown"],
    ["id", JSON.stringify(NOBODY), "/id"],
    ["created_at", '"2024-01-01T00:00:00.000Z"', "/created_at"],
    ["updated_at", '"2024-01-01T00:00:00.000Z"', "/updated_at"],
    ["version", "1", "/version"],
    ["", "1", "/"],
    ["a/b~c", "1", "/a~1b~0c"],
    ["__proto__", "{}", "/__proto__"],
    ["constructor", "1", "/constructor"],
    ["toString", "1", "/toString"],
    ...fields.map(({ name }): [string, string, string] => [name.toUpperCase(), "1", `/${name.toUpperCase()}`]),
  ];

  const own = fields.map(({ name }) => name);
  test.each(strangers.filter(([name]) => !own.includes(name)))(
    "E4 a body with the member %j is 422 there",
    async (name, text, pointer) => {
      for (const value of [text, "null"]) {
        expectFault(await call("POST :items", { body: bodyWith({ [name]: value }) }), [pointer, ""]);
        expectFault(await call("PATCH :items/:id", { headers: merge, body: jsonOf({ [name]: value }) }), [pointer, ""]);
      }
    },
  );

  test.each(fields)("E4 $name is not taken in another case", async (field) => {
    const name = field.name.replace(/[a-z]/, (letter) => letter.toUpperCase());
    const body = bodyWith({ [field.name]: undefined, [name]: samples(field)[0].text });
    expectFault(await call("POST :items", { body }), [`/${name}`, `/${field.name}`, ""]);
  });

  test("E4 the id of the item itself is not taken either", async () => {
    expectFault(await patch(service, item, { id: item.id }, { headers: { "if-match": "*" } }), ["/id", ""]);
  });
});
