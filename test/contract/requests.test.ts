import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, connect, request } from "../support/http.ts";
import { addressed, bodyWith, create, type Item } from "../support/items.ts";
import { collectionOf, type Service, start } from "../support/service.ts";

let service: Service;
let item: Item;

beforeAll(async () => {
  service = await start();
  item = await create(service);
});

const visible = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).join("");

/** One answer of every kind: found, made, unchanged, gone and refused for each reason. */
async function everyKind(headers: Record<string, string> = {}): Promise<[string, Answer][]> {
  const doomed = await create(service);
  const json = { ...headers, "content-type": "application/json" };
  const calls: [string, Parameters<Service["call"]>[1]?][] = [
    ["GET /livez"],
    ["GET /readyz"],
    ["GET /openapi.json"],
    ["GET :items"],
    [`GET :items/${item.id}`],
    [`HEAD :items/${item.id}`],
    [`GET :items/${item.id}`, { headers: { ...headers, "if-none-match": "*" } }],
    ["POST :items", { headers: json, body: bodyWith() }],
    [`PATCH :items/${item.id}`, { headers: { ...json, "if-match": "*" }, body: "{}" }],
    [`DELETE :items/${doomed.id}`],
    ["GET :items?limit=0"],
    ["GET /nowhere"],
    ["HEAD /nowhere"],
    ["OPTIONS :items"],
    ["PUT /livez"],
    ["POST :items", { headers: json, body: "{" }],
    ["POST :items", { headers: json, body: "{}" }],
    ["POST :items", { headers: { ...headers, "content-type": "text/plain" }, body: "{}" }],
    ["POST :items", { headers: json, body: " ".repeat(1_048_577) }],
    [`PATCH :items/${item.id}`, { headers: json, body: "{}" }],
    [`PATCH :items/${item.id}`, { headers: { ...json, "if-match": '"stale"' }, body: "{}" }],
  ];
  return Promise.all(
    calls.map(
      async ([target, options]): Promise<[string, Answer]> => [
        target,
        await service.call(target, { headers, ...options }),
      ],
    ),
  );
}

describe("X-Request-Id", () => {
  test.each(["a", "0", visible, "x".repeat(128), '"quoted"', "a,b;c=d"])("Q1 %s is kept and echoed", async (id) => {
    for (const [target, { headers }] of await everyKind({ "x-request-id": id }))
      expect([target, headers["x-request-id"]]).toEqual([target, id]);
    await service.line((line) => line.request_id === id);
  });

  test.each([
    ["129 characters", "x".repeat(129)],
    ["5,000 characters", "x".repeat(5_000)],
    ["a space", "a b"],
    ["a tab", "a\tb"],
    ["a letter beyond ASCII", "\u00e9"],
    ["UTF-8", Buffer.from("é").toString("latin1")],
    ["nothing", ""],
    ["no header", undefined],
  ])("Q1 with %s one is made", async (_what, id) => {
    const headers = { "x-request-id": id };
    const made = await Promise.all([
      service.call("GET /livez", { headers }),
      service.call("GET /nowhere", { headers }),
    ]);
    for (const answer of made) {
      expect(answer.headers["x-request-id"]).toMatch(/^[\x21-\x7e]{1,128}$/);
      expect(answer.headers["x-request-id"]).not.toBe(id);
    }
    expect(made[1]?.json).toMatchObject({ request_id: made[1]?.headers["x-request-id"] });
    expect(made[0]?.headers["x-request-id"]).not.toBe(made[1]?.headers["x-request-id"]);
  });
});

describe("traceparent", () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const span = "00f067aa0ba902b7";

  test.each([
    ["a sampled one", true, `00-${trace}-${span}-01`],
    ["one that is not sampled", true, `00-${trace}-${span}-00`],
    ["a later version", true, `01-${trace}-${span}-01`],
    ["a later version with more", true, `cc-${trace}-${span}-01-what-the-future-holds`],
    ["version ff", false, `ff-${trace}-${span}-01`],
    ["an upper-case version", false, `0A-${trace}-${span}-01`],
    ["an upper-case trace id", false, `00-${trace.toUpperCase()}-${span}-01`],
    ["an upper-case parent id", false, `00-${trace}-${span.toUpperCase()}-01`],
    ["a zero trace id", false, `00-${"0".repeat(32)}-${span}-01`],
    ["a zero parent id", false, `00-${trace}-${"0".repeat(16)}-01`],
    ["a short trace id", false, `00-${trace.slice(1)}-${span}-01`],
    ["a long trace id", false, `00-${trace}0-${span}-01`],
    ["a letter that is no digit", false, `00-${trace.replace("4", "g")}-${span}-01`],
    ["no flags", false, `00-${trace}-${span}`],
    ["short flags", false, `00-${trace}-${span}-1`],
    ["no version", false, `${trace}-${span}-01`],
    ["more without a hyphen", false, `cc-${trace}-${span}-01what`],
    ["nothing", false, ""],
  ])("Q1 of %s the trace id is logged: %s", async (_what, logged, traceparent) => {
    const { status, headers } = await service.call("GET /livez", { headers: { traceparent } });
    expect(status).toBe(200);
    const line = await service.line(({ request_id }) => request_id === headers["x-request-id"]);
    expect(line.trace_id).toBe(logged ? trace : undefined);
  });
});

describe("headers", () => {
  const origin = { origin: "https://elsewhere.example", "access-control-request-method": "POST" };

  test("Q2 no answer has a CORS header or names its software, and every one says nosniff", async () => {
    for (const [target, { headers }] of await everyKind(origin)) {
      expect([target, headers["x-content-type-options"]]).toEqual([target, "nosniff"]);
      expect(
        Object.keys(headers).filter(
          (name) => name.startsWith("access-control-") || ["server", "x-powered-by"].includes(name),
        ),
      ).toEqual([]);
    }
  });

  test("Q1 every answer carries X-Request-Id", async () => {
    for (const [target, { headers }] of await everyKind())
      expect([target, headers["x-request-id"]]).toEqual([target, expect.stringMatching(/^[\x21-\x7e]{1,128}$/)]);
  });
});

describe("HEAD", () => {
  test.each([
    "/livez",
    "/readyz",
    "/openapi.json",
    ":items",
    ":items?limit=1",
    ":items/:id",
    "/nowhere",
    ":items?limit=0",
  ])("Q2 HEAD %s has the status and headers of GET, and no body", async (path) => {
    const connection = await connect(service);
    const real = addressed(path.replace(":items", await collectionOf(service)), item);
    const answers: (Answer | undefined)[] = [];
    for (const method of ["HEAD", "GET", "HEAD", "GET"]) {
      connection.write(request(`${method} ${real}`, { headers: { "x-request-id": "same" } }));
      answers.push(await connection.answer(method));
    }
    connection.end();
    const [head, get, ...again] = answers.map((answer) => ({ status: answer?.status, headers: steady(answer) }));
    expect(answers[0]?.body).toBe("");
    expect(head).toEqual(get);
    expect(again).toEqual([head, get]);
    expect([undefined, answers[1]?.headers["content-length"]]).toContain(answers[0]?.headers["content-length"]);
  });

  /** Less the headers that tell of the moment and of how a body is framed. */
  function steady(answer?: Answer): Record<string, string> {
    const framing = ["date", "content-length", "transfer-encoding"];
    return Object.fromEntries(Object.entries(answer?.headers ?? {}).filter(([name]) => !framing.includes(name)));
  }
});

describe("connections", () => {
  test("Q2 requests sent at once on one connection are answered in order", async () => {
    const connection = await connect(service);
    const ids = ["first", "second", "third"];
    connection.write(Buffer.concat(ids.map((id) => request("GET /livez", { headers: { "x-request-id": id } }))));
    for (const id of ids)
      expect(await connection.answer()).toMatchObject({ status: 200, headers: { "x-request-id": id } });
    connection.end();
  });
});
