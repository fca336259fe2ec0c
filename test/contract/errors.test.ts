import { beforeAll, describe, expect, test } from "vitest";
import { connect, type Options } from "../support/http.ts";
import { addressed, bodyWith, create, type Item, jsonOf, NOBODY } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { type Service, start } from "../support/service.ts";

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

  test("E1 two Hosts are 400", async () => {
    const connection = await connect(service);
    connection.write("GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n");
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
      `cursor=${NOBODY}`,
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
      NOBODY.slice(1),
      `${NOBODY}0`,
      NOBODY.replaceAll("-", ""),
      `%7B${NOBODY}%7D`,
      `urn:uuid:${NOBODY}`,
      NOBODY.replace("a", "g"),
    ],
    ...[
      `%20${NOBODY.slice(1)}`,
      `${NOBODY}%0A`,
      NOBODY.replace("-", "_"),
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
