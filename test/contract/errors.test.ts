import { beforeAll, describe, expect, test } from "vitest";
import { connect, type Options, request } from "../support/http.ts";
import { bodyWith, create, fields, type Item, jsonOf, patch } from "../support/items.ts";
import { expectFault, expectProblem } from "../support/problem.ts";
import { collectionOf, type Service, start } from "../support/service.ts";
import { samples } from "../support/values.ts";

const LIMIT = 4_096;
const nobody = "0190a4f3-5b6c-7d8e-9f01-23456789abcd";

let service: Service;
let item: Item;

beforeAll(async () => {
  service = await start({ MAX_BODY_BYTES: String(LIMIT) });
  item = await create(service);
});

/** `:id` stands for an item that exists, `:nobody` for one that does not. */
function call(target: string, options?: Options) {
  return service.call(target.replace(":id", item.id).replace(":nobody", nobody), options);
}

const json = { "content-type": "application/json" };
const merge = { "content-type": "application/merge-patch+json", "if-match": "*" };
const oversized = jsonOf({ padding: JSON.stringify("x".repeat(LIMIT)) });

describe("the shape of a problem", () => {
  test.each<[string, number, Options?]>([
    ["GET /nowhere", 404],
    ["GET :items/:nobody", 404],
    ["GET :items/nonsense", 400],
    ["GET :items?limit=0", 400],
    ["PUT :items", 405],
    ["POST :items", 400, { headers: json, body: "{" }],
    ["POST :items", 413, { body: oversized }],
    ["POST :items", 415, { headers: { "content-type": "text/plain" }, body: "{}" }],
    ["POST :items", 422, { body: "{}" }],
    ["PATCH :items/:id", 428, { body: "{}" }],
    ["PATCH :items/:id", 412, { headers: { "if-match": '"stale"' }, body: "{}" }],
    ["DELETE :items/:id", 412, { headers: { "if-match": '"stale"' } }],
  ])("E1 %s that is refused is a problem with status %i", async (target, status, options) => {
    expectProblem(await call(target, options), status);
  });

  test.each(["/nowhere", ":items/:nobody", ":items/nonsense", ":items?limit=0"])(
    "E1 HEAD %s is refused with the headers of a problem and no body",
    async (path) => {
      const [head, get] = [await call(`HEAD ${path}`), await call(`GET ${path}`)];
      expect(head).toMatchObject({
        status: get.status,
        body: "",
        headers: { "content-type": get.headers["content-type"] },
      });
    },
  );

  test("E1 a missing Host is 400", async () => {
    const connection = await connect(service);
    connection.write("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(await connection.answer()).toMatchObject({ status: 400 });
  });

  test.each([
    ["a bad request line", "GARBAGE\r\n\r\n"],
    ["a bad header", "GET /livez HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"],
    ["too many header bytes", `GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(2_000_000)}\r\n\r\n`],
  ])("E1 %s is refused or closed, and the service goes on", async (_what, bytes) => {
    const connection = await connect(service);
    connection.write(bytes);
    const answer = await connection.answer();
    if (answer !== undefined) expect([400, 414, 431]).toContain(answer.status);
    await connection.closed;
    expect((await call("GET /livez")).status).toBe(200);
  });
});

describe("400", () => {
  const good = bodyWith();

  test.each([
    ["an object cut short", good.slice(0, -1)],
    ["a trailing comma", `${good.slice(0, -1)},}`],
    ["something after it", `${good} {}`],
    ["single quotes", "{'a':1}"],
    ["a bare word", "nonsense"],
    ["NaN", jsonOf({ a: "NaN" })],
    ["a leading zero", jsonOf({ a: "01" })],
    ["a comment", `/* */ ${good}`],
    ["a raw line break in text", '{"a":"\n"}'],
    ["an unknown escape", '{"a":"\\x41"}'],
    ["nothing but spaces", "   "],
    ["nothing", ""],
    ["a byte order mark before it", `\ufeff${good}`],
  ])("E2 a body that is JSON but for %s is 400", async (_what, body) => {
    expectProblem(await call("POST :items", { headers: json, body }), 400);
    expectProblem(await call("PATCH :items/:id", { headers: merge, body }), 400);
  });

  test("E2 a JSON media type without any body is 400", async () => {
    expectProblem(await call("POST :items", { headers: json }), 400);
    expectProblem(await call("PATCH :items/:id", { headers: merge }), 400);
  });

  test.each([
    ...[
      "limit=0",
      "limit=101",
      "limit=-1",
      "limit=1.5",
      "limit=1e1",
      "limit=ten",
      "limit=",
      "limit",
      "limit=%201",
      "limit=1%20",
      "limit=0x1",
    ],
    ...[
      "limit=01",
      "limit=%2B1",
      "limit=99999999999999999999",
      "limit=5&limit=5",
      "limit=5&limit=",
      "limit=5&%6Cimit=6",
    ],
    ...[
      "cursor=",
      "cursor",
      "cursor=a",
      `cursor=${"A".repeat(21)}`,
      `cursor=${"A".repeat(23)}`,
      `cursor=${"A".repeat(21)}B`,
      `cursor=${"A".repeat(20)}+A`,
    ],
    ...[
      `cursor=${"A".repeat(20)}%2FA`,
      `cursor=${"A".repeat(22)}%3D%3D`,
      `cursor=${"A".repeat(22)}&cursor=${"A".repeat(22)}`,
      `cursor=${nobody}`,
    ],
  ])("E2 the query %s is 400", async (query) => {
    expectProblem(await call(`GET :items?${query}`), 400);
  });

  test.each(["other=1", "other=1&other=2", "other=", "Limit=0", "limit=%35", "limit=5&"])(
    "E2 the query %s is not",
    async (query) => {
      expect((await call(`GET :items?${query}`)).status).toBe(200);
    },
  );

  test.each([
    ...[
      "nonsense",
      nobody.slice(1),
      `${nobody}0`,
      nobody.replaceAll("-", ""),
      `%7B${nobody}%7D`,
      `urn:uuid:${nobody}`,
      nobody.replace("a", "g"),
    ],
    ...[
      `%20${nobody.slice(1)}`,
      `${nobody}%0A`,
      nobody.replace("-", "_"),
      `0190a4f-35b6c-7d8e-9f01-23456789abcd`,
      "a".repeat(3_000),
    ],
  ])("E2 the id %s is 400", async (id) => {
    for (const method of ["GET", "HEAD", "DELETE"]) expect((await call(`${method} :items/${id}`)).status).toBe(400);
    expectProblem(await call(`PATCH :items/${id}`, { headers: merge, body: "{}" }), 400);
  });
});

describe("404 and 405", () => {
  test.each(["/", "/nowhere", "/v1", "/v1/nowhere", "/livez/more", ":items/:id/more", "/Livez", "//livez"])(
    "E2 %s is 404 whatever the method",
    async (path) => {
      for (const method of ["GET", "POST", "OPTIONS", "QUERY"]) expectProblem(await call(`${method} ${path}`), 404);
    },
  );

  test.each(["GET", "HEAD", "PATCH", "DELETE"])("E2 %s of an id that nobody has is 404", async (method) => {
    const answer = await call(`${method} :items/:nobody`, method === "PATCH" ? { headers: merge, body: "{}" } : {});
    expect(answer.status).toBe(404);
  });

  const routes: [string, string[]][] = [
    ["/livez", ["GET", "HEAD"]],
    ["/readyz", ["GET", "HEAD"]],
    ["/openapi.json", ["GET", "HEAD"]],
    [":items", ["GET", "HEAD", "POST"]],
    [":items/:id", ["DELETE", "GET", "HEAD", "PATCH"]],
  ];
  const methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND"];
  const refused = routes.flatMap(([path, allowed]) =>
    methods.filter((method) => !allowed.includes(method)).map((method) => [method, path, allowed] as const),
  );

  test.each(refused)("E2 %s %s is 405, and Allow names %j", async (method, path, allowed) => {
    const answer = await call(`${method} ${path}`);
    expectProblem(answer, 405);
    expect(
      answer.headers.allow
        ?.split(",")
        .map((one) => one.trim())
        .sort(),
    ).toEqual(allowed);
  });
});

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
      const real = path.replace(":items", await collectionOf(service)).replace(":id", item.id);
      connection.write(
        request(`${method} ${real}`, {
          headers: { ...(method === "PATCH" ? merge : json), "transfer-encoding": "chunked" },
        }),
      );
      for (const chunk of [bodyWith().slice(0, -1), " ".repeat(LIMIT), " ".repeat(LIMIT)])
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

  test("E2 neither a media type nor a body is 415", async () => {
    expectProblem(await call("POST :items"), 415);
    expectProblem(await call("PATCH :items/:id", { headers: { "if-match": "*" } }), 415);
  });

  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/json;charset=UTF-8",
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

  test("E2 faults of length and range are reported all at once", async () => {
    const faults = fields.flatMap(({ name, type }): [string, string, string][] => {
      if (type === "text") return [[name, JSON.stringify("x".repeat(2_001)), `/${name}`]];
      if (type === "integer") return [[name, "9007199254740992", `/${name}`]];
      if (type === "money")
        return [[name, '{"minor_units":9007199254740992,"currency":"EUR"}', `/${name}/minor_units`]];
      return [];
    });
    await using roomy = await start();
    const answer = await roomy.call("POST :items", { body: bodyWith(Object.fromEntries(faults)) });
    expect(
      expectProblem(answer, 422)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(faults.map(([, , pointer]) => pointer).sort());
  });

  const strangers: [string, string, string][] = [
    ["surely_unknown", "1", "/surely_unknown"],
    ["id", JSON.stringify(nobody), "/id"],
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

  test.each(strangers)("E4 a body with the member %j is 422 there", async (name, text, pointer) => {
    for (const value of [text, "null"]) {
      expectFault(await call("POST :items", { body: bodyWith({ [name]: value }) }), [pointer, ""]);
      expectFault(await call("PATCH :items/:id", { headers: merge, body: jsonOf({ [name]: value }) }), [pointer, ""]);
    }
  });

  test.each(fields)("E4 $name is not taken in another case", async (field) => {
    const name = field.name.replace(/[a-z]/, (letter) => letter.toUpperCase());
    const body = bodyWith({ [field.name]: undefined, [name]: samples(field)[0].text });
    expectFault(await call("POST :items", { body }), [`/${name}`, `/${field.name}`, ""]);
  });

  test("E4 the id of the item itself is not taken either", async () => {
    expectFault(await patch(service, item, { id: item.id }, { headers: { "if-match": "*" } }), ["/id", ""]);
  });
});

describe("the order of refusals", () => {
  const text = { "content-type": "text/plain" };
  const stale = { "content-type": "application/json", "if-match": '"stale"' };
  const invalid = '{"surely_unknown":1}';

  test.each<[string, string, number, Options]>([
    ["404 route before 405", "DELETE /nowhere", 404, {}],
    ["404 route before 415", "POST /nowhere", 404, { headers: text, body: "x" }],
    ["404 route before 413", "POST /nowhere", 404, { body: oversized }],
    ["404 route before 400", "POST /nowhere", 404, { body: "{" }],
    ["405 before 415", "PUT :items", 405, { headers: text, body: "x" }],
    ["405 before 413", "PUT :items", 405, { body: oversized }],
    ["405 before 400 (syntax)", "PUT :items", 405, { body: "{" }],
    ["405 before 400 (query)", "PUT :items?limit=0", 405, {}],
    ["405 before 400 (id)", "PUT :items/nonsense", 405, { body: "{}" }],
    ["405 before 404 (id)", "PUT :items/:nobody", 405, { body: "{}" }],
    ["415 before 413", "POST :items", 415, { headers: text, body: oversized }],
    ["415 before 400 (syntax)", "POST :items", 415, { headers: text, body: "{" }],
    ["415 before 400 (id)", "PATCH :items/nonsense", 415, { headers: text, body: "{}" }],
    ["415 before 404 (id)", "PATCH :items/:nobody", 415, { headers: text, body: "{}" }],
    ["415 before 428", "PATCH :items/:id", 415, { headers: text, body: "{}" }],
    ["415 before 412", "PATCH :items/:id", 415, { headers: { ...stale, ...text }, body: "{}" }],
    ["415 before 422", "POST :items", 415, { headers: text, body: invalid }],
    ["413 before 400 (syntax)", "POST :items", 413, { body: "x".repeat(LIMIT + 1) }],
    ["413 before 400 (id)", "PATCH :items/nonsense", 413, { body: oversized }],
    ["413 before 404 (id)", "PATCH :items/:nobody", 413, { body: oversized }],
    ["413 before 428", "PATCH :items/:id", 413, { body: oversized }],
    ["413 before 412", "PATCH :items/:id", 413, { headers: stale, body: oversized }],
    ["413 before 422", "POST :items", 413, { body: oversized }],
    ["400 (syntax) before 404 (id)", "PATCH :items/:nobody", 400, { body: "{" }],
    ["400 (syntax) before 428", "PATCH :items/:id", 400, { body: "{" }],
    ["400 (syntax) before 412", "PATCH :items/:id", 400, { headers: stale, body: "{" }],
    ["400 (id) before 428", "PATCH :items/nonsense", 400, { body: "{}" }],
    ["400 (id) before 412", "PATCH :items/nonsense", 400, { headers: stale, body: "{}" }],
    ["400 (id) before 422", "PATCH :items/nonsense", 400, { body: invalid }],
    ["404 (id) before 428", "PATCH :items/:nobody", 404, { body: "{}" }],
    ["404 (id) before 412", "PATCH :items/:nobody", 404, { headers: stale, body: "{}" }],
    ["404 (id) before 412 in DELETE", "DELETE :items/:nobody", 404, { headers: { "if-match": '"stale"' } }],
    ["404 (id) before 422", "PATCH :items/:nobody", 404, { body: invalid }],
    ["428 before 422", "PATCH :items/:id", 428, { body: invalid }],
    ["412 before 422", "PATCH :items/:id", 412, { headers: stale, body: invalid }],
    ["412 before 422 at the root", "PATCH :items/:id", 412, { headers: stale, body: "[]" }],
  ])("E2 %s", async (_order, target, status, options) => {
    expectProblem(await call(target, options), status);
  });
});
