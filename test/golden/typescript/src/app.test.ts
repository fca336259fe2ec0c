import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, afterEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import type { Database } from "./database.ts";
import { decode, formats, requireMediaType } from "./requests.ts";
import { drain } from "./server.ts";
import { createLogger } from "./telemetry.ts";
import { createTestDatabase } from "./test-database.ts";

const healthy: Database = {
  get: () => Promise.resolve(undefined),
  all: () => Promise.resolve([]),
  run: () => Promise.resolve(0),
  ping: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

const { url: databaseUrl, drop } = await createTestDatabase();
after(drop);

let app: FastifyInstance;
let lines: string[] = [];
afterEach(() => app?.close());

/** Listens on a free port, with the routes that a test adds. */
async function listen(
  add: (app: FastifyInstance) => void = () => {},
  database = healthy,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const config = configOf(env);
  lines = [];
  app = buildApp(config, database, createLogger("info", { write: (line) => void lines.push(line) }));
  add(app);
  await app.ready();
  app.server.listen(0, "127.0.0.1");
  await once(app.server, "listening");
  return `http://127.0.0.1:${port()}`;
}

const port = () => (app.server.address() as AddressInfo).port;

function configOf(env: NodeJS.ProcessEnv): Config {
  const config = readConfig({ DATABASE_URL: databaseUrl, ...env });
  assert.ok(!("faults" in config));
  return config;
}

/** What the service writes to a connection before it closes it. */
async function raw(request: string): Promise<string> {
  const socket = connect(port(), "127.0.0.1");
  socket.write(request);
  return await text(socket);
}

async function assertProblem(response: Response, status: number): Promise<void> {
  assert.equal(response.status, status);
  assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(body.status, status);
  assert.equal(body.request_id, response.headers.get("x-request-id"));
}

describe("configuration", () => {
  test("has a default for everything, and takes an empty variable for an unset one", () => {
    assert.deepEqual(configOf({ PORT: "", LOG_LEVEL: "" }), configOf({}));
    assert.equal(configOf({}).port, 8080);
  });

  test("names every fault at once, and no value", () => {
    const env = {
      PORT: "65536",
      LOG_LEVEL: "loud",
      DATABASE_URL: "secret",
      MAX_BODY_BYTES: "1e3",
      SHUTDOWN_DELAY_MS: "8000",
    };
    const config = readConfig(env);
    assert.ok("faults" in config);
    assert.deepEqual(config.faults.map((fault) => fault.split(" ", 1)[0]).sort(), Object.keys(env).sort());
    assert.doesNotMatch(config.faults.join(), /secret|loud|65536,|1e3/);
  });

  test("gives a header no longer than the whole request", () => {
    assert.equal(configOf({ HEADER_TIMEOUT_MS: "500", REQUEST_TIMEOUT_MS: "200" }).headerTimeoutMs, 200);
  });
});

describe("health", () => {
  test("is alive whatever the database does, and ready when it answers", async () => {
    let ping = () => Promise.reject(new Error("gone"));
    const url = await listen(() => {}, { ...healthy, ping: () => ping() });
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    const response = await fetch(`${url}/readyz`);
    assert.equal(response.headers.get("retry-after"), "1");
    await assertProblem(response, 503);
    assert.deepEqual(
      lines.map((line) => /"level":"warn".*gone/.test(line)),
      [false, true, false],
    );
    ping = healthy.ping as typeof ping;
    assert.deepEqual(await (await fetch(`${url}/readyz`)).json(), { status: "ok" });
  });

  test("does not wait long for a database that hangs", async () => {
    const url = await listen(() => {}, { ...healthy, ping: () => new Promise(() => {}) });
    const response = await fetch(`${url}/readyz`);
    assert.match(await response.clone().text(), /The database does not answer/);
    await assertProblem(response, 503);
    assert.match(lines.join(), /"level":"warn".*The database is silent/);
  });
});

describe("errors", () => {
  test("a path that is not there is 404, one under another method 405", async () => {
    const url = await listen();
    await assertProblem(await fetch(`${url}/nowhere`), 404);
    await assertProblem(await fetch(`${url}/livez/%zz`), 400);
    const response = await fetch(`${url}/livez`, { method: "OPTIONS" });
    assert.equal(response.headers.get("allow"), "GET, HEAD");
    await assertProblem(response, 405);
  });

  test("a handler that throws is a 500 that tells nothing, and the next request is served", async () => {
    const url = await listen((service) => {
      service.get("/throws", () => {
        throw new Error("the password is swordfish");
      });
    });
    const response = await fetch(`${url}/throws`);
    assert.doesNotMatch(await response.clone().text(), /swordfish/);
    await assertProblem(response, 500);
    assert.ok(lines.some((line) => line.includes("swordfish")));
    assert.equal((await fetch(`${url}/livez`)).status, 200);
  });

  test("a handler that takes too long is a 503, a body that does a 408", async () => {
    const { promise: open, resolve: answer } = Promise.withResolvers<string>();
    const slow = (service: FastifyInstance) => {
      service.get("/slow", () => open);
      service.get("/fails", async () => Promise.reject(new Error(await open)));
      service.post("/echo", ({ body }) => body);
    };
    const url = await listen(slow, healthy, { REQUEST_TIMEOUT_MS: "200" });
    await assertProblem(await fetch(`${url}/slow?token=secret`), 503);
    await assertProblem(await fetch(`${url}/fails?token=secret`), 503);
    answer("late");
    await sleep(50);
    assert.deepEqual(
      lines.map((line) => /"level":"info".*"status":503/.test(line)),
      [true, true],
    );
    assert.doesNotMatch(lines.join(), /secret/);
    const head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n";
    assert.match(await raw(`${head}{"a"`), /^HTTP\/1\.1 408 .*connection: close/is);
  });

  test("bodies are refused by type, then size, then syntax", async () => {
    const onRequest = requireMediaType("application/json");
    const url = await listen((service) => service.post("/echo", { onRequest }, ({ body }) => body), healthy, {
      MAX_BODY_BYTES: "20",
    });
    const post = (type: string, body: string, encoding = "identity") =>
      fetch(`${url}/echo`, { method: "POST", headers: { "content-type": type, "content-encoding": encoding }, body });
    await assertProblem(await post("text/plain", "x".repeat(50)), 415);
    await assertProblem(await post("application/json", "{}", "gzip"), 415);
    await assertProblem(await post("application/json", "x".repeat(50)), 413);
    await assertProblem(await post("application/json", '{"a":'), 400);
    await assertProblem(await post("application/json", ""), 400);
    assert.deepEqual(await (await post("application/json; charset=utf-8", '{"a":1}')).json(), { a: 1 });
  });

  test("a body of 100,000 members is one fault, wherever they are", async () => {
    const body = { type: "object", additionalProperties: false, properties: { nested: { type: "object" } } };
    const url = await listen((service) => service.post("/echo", { schema: { body } }, () => "ok"));
    const members = `{${Array.from({ length: 100_000 }, (_, at) => `"${at}":0`).join()}}`;
    for (const sent of [members, `{"nested":${members}}`]) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/echo`, { method: "POST", headers, body: sent });
      const { errors } = (await response.clone().json()) as { errors: unknown };
      assert.deepEqual(errors, [{ pointer: "", detail: "has too many members" }]);
      await assertProblem(response, 422);
    }
  });

  test("what is not HTTP is a problem too", async () => {
    await listen();
    assert.match(await raw("nonsense\r\n\r\n"), /^HTTP\/1\.1 400 .*application\/problem\+json/is);
    assert.match(await raw(`GET /livez HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
    for (const hosts of ["", "Host: a\r\nHost: a\r\n"]) {
      assert.match(await raw(`GET /livez HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`), /^HTTP\/1\.1 400 .*Host/s);
    }
  });

  test("a body that is broken while its handler runs is a 400, and what that answers is dropped", async () => {
    const { entered, open } = gate();
    await listen((service) => service.get("/slow", entered));
    const answered = raw("GET /slow?token=secret HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n");
    const answer = await open;
    assert.match(await answered, /^HTTP\/1\.1 400 /);
    answer("late");
    await sleep(50);
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines.join(), /secret/);
  });

  test("a body that is refused at once and broken then has one answer and one line", async () => {
    await listen();
    const head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    const socket = connect(port(), "127.0.0.1");
    socket.on("error", () => {}).write(`${head}1\r\n`);
    let received = "";
    for await (const chunk of socket) {
      received += chunk;
      socket.write("ZZ\r\n");
    }
    assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 404"]);
    assert.equal(lines.length, 1);
  });

  test("a connection on which nothing is sent is closed without a word", async () => {
    await listen(() => {}, healthy, { HEADER_TIMEOUT_MS: "100", REQUEST_TIMEOUT_MS: "100" });
    assert.equal(await raw(""), "");
    assert.deepEqual(lines, []);
  });

  test("what follows a whole request ends its connection, and no more", { timeout: 10_000 }, async () => {
    await listen((service) => service.get("/large", () => Buffer.alloc(20_000_000)));
    const socket = connect(port(), "127.0.0.1");
    socket.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "readable");
    socket.write("nonsense\r\n\r\n");
    assert.ok((await text(socket)).length > 20_000_000);
    assert.match(await raw("GET /livez HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n"), /^HTTP\/1\.1 200 /);
  });
});

describe("decode", () => {
  const encoded = (json: string) => new TextEncoder().encode(json);

  test("keeps the last of a repeated member, and reads 1.0 as 1", () => {
    assert.deepEqual({ ...(decode(encoded('{"a":1,"a":1.0}')) as object) }, { a: 1 });
  });

  test("has no member that was not sent", () => {
    assert.equal((decode(encoded("{}")) as Record<string, unknown>).constructor, undefined);
    assert.deepEqual(Object.keys(decode(encoded('{"__proto__":1}')) as object), ["__proto__"]);
  });

  for (const [what, bytes] of Object.entries({
    "half a JSON text": encoded('{"a":'),
    "bytes that are not UTF-8": Uint8Array.of(0x22, 0xff, 0x22),
    "a byte order mark": encoded("\ufeff{}"),
    "half a surrogate pair": encoded('{"a":"\\ud800"}'),
    "half a surrogate pair in a name": encoded('{"\\udc00":1}'),
    "half a surrogate pair beside a whole one": encoded('"\\ud83d\\ud83d\\ude00"'),
    "the halves of a surrogate pair in the wrong order": encoded('"\\ude00\\ud83d"'),
  })) {
    test(`refuses ${what}`, () => assert.throws(() => decode(bytes)));
  }

  test("takes a whole surrogate pair, and any depth", () => {
    assert.equal(decode(encoded('"\\ud83d\\uDE00"')), "😀");
    assert.equal(decode(encoded('"\\\\ud83d"')), "\\ud83d");
    assert.doesNotThrow(() => decode(encoded(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)));
  });
});

describe("formats", () => {
  for (const [name, valid, invalid] of [
    ["date", ["2024-02-29", "0001-01-01", "9999-12-31"], ["2023-02-29", "0000-01-01", "2024-2-9", "2024-01-01T00:00"]],
    [
      "date-time",
      ["2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123+23:59", "2024-01-01T00:00:00-00:00"],
      [
        "2024-01-01T00:00:60Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:00:00.1234Z",
        "2024-01-01T00:00:00",
        "2024-02-30T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
      ],
    ],
    [
      "uuid",
      ["0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B"],
      ["urn:uuid:0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "0190a1b2c3d47e5f8a6b7c8d9e0f1a2b", ""],
    ],
  ] as const) {
    for (const value of valid) test(`${value} is a ${name}`, () => assert.equal(formats[name](value), true));
    for (const value of invalid) test(`${value} is not a ${name}`, () => assert.equal(formats[name](value), false));
  }
});

describe("requests", () => {
  test("keep a caller's id that is safe, and get one otherwise", async () => {
    const url = await listen();
    const idOf = async (given: string) =>
      (await fetch(`${url}/livez`, { headers: { "x-request-id": given } })).headers.get("x-request-id");
    assert.equal(await idOf("a-1"), "a-1");
    assert.match((await idOf("a 1")) ?? "", /^[0-9a-f-]{36}$/);
    assert.match((await idOf("a".repeat(129))) ?? "", /^[0-9a-f-]{36}$/);
  });

  test("are logged by route and trace, without what they carry", async () => {
    const url = await listen();
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01`, authorization: "Bearer secret" };
    await fetch(`${url}/livez?token=secret`, { headers });
    await fetch(`${url}/secret`);
    const [known, unknown] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(known && unknown);
    assert.deepEqual([known.trace_id, known.method, known.route, known.status], [trace, "GET", "/livez", 200]);
    assert.deepEqual([unknown.trace_id, unknown.route, unknown.status], [undefined, "", 404]);
    assert.doesNotMatch(lines.join(), /secret/);
  });

  test("are logged once when the client goes before the answer, and as no fault", async () => {
    const { entered, open } = gate();
    const url = await listen((service) => service.get("/slow", entered));
    const client = new AbortController();
    const gone = assert.rejects(fetch(`${url}/slow`, { signal: client.signal }));
    await open;
    client.abort();
    await gone;
    await until(() => lines.length > 0, "a line of the log");
    assert.deepEqual(
      lines.map((line) => /"level":"info".*"route":"\/slow","status":499/.test(line)),
      [true],
    );
  });

  test("whose answers nobody reads are cut", async () => {
    const large = (service: FastifyInstance) => service.get("/large", () => Buffer.alloc(50_000_000));
    await listen(large, healthy, { REQUEST_TIMEOUT_MS: "200" });
    const socket = connect(port(), "127.0.0.1").pause();
    socket.on("error", () => {});
    socket.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    await until(() => lines.length > 0, "a line of the log");
    socket.destroy();
  });
});

describe("shutdown", () => {
  test("lets a request in flight end, and drops connections without one", async () => {
    const { entered, open } = gate();
    const url = await listen((service) => service.get("/slow", entered));
    const idle = once(connect(port(), "127.0.0.1"), "close");
    const slow = fetch(`${url}/slow`);
    const answer = await open;
    const cut = drain(app, configOf({}));
    answer("done");
    const response = await slow;
    assert.equal(response.headers.get("connection"), "close");
    assert.equal(await response.text(), "done");
    assert.equal(await cut, 0);
    await idle;
  });

  test("cuts what is not done in time", async () => {
    const { entered, open } = gate();
    const url = await listen((service) => service.get("/slow", entered));
    const slow = fetch(`${url}/slow`);
    await open;
    const [cut] = await Promise.all([drain(app, configOf({ SHUTDOWN_TIMEOUT_MS: "100" })), assert.rejects(slow)]);
    assert.equal(cut, 1);
  });

  test("closes a connection after the last of the answers that it waits for", async () => {
    let entered = 0;
    await listen((service) => {
      service.get("/slow", async () => {
        entered += 1;
        await sleep(50);
        return "done";
      });
    });
    const answers = raw("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3));
    await until(() => entered === 3, "three requests in their handlers");
    const cut = drain(app, configOf({}));
    const [first, second, third, end] = (await answers).split("done");
    for (const head of [first, second]) assert.match(head ?? "", /connection: keep-alive/i);
    assert.match(third ?? "", /connection: close/i);
    assert.equal(end, "");
    assert.equal(await cut, 0);
  });

  test("truncates no answer that is made", async () => {
    const size = 20_000_000;
    await listen((service) => service.get("/large", () => Buffer.alloc(size)));
    const socket = connect(port(), "127.0.0.1");
    socket.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "readable");
    const cut = drain(app, configOf({}));
    assert.ok((await text(socket)).length > size);
    assert.equal(await cut, 0);
  });
});

describe("errors in the log", () => {
  test("have a type, a message, a code and a stack, and nothing else", async () => {
    const url = await listen((service) => {
      service.get("/throws", () => {
        throw Object.assign(new RangeError("it is taken"), { code: "23505", detail: "Key (name)=(secret) exists." });
      });
    });
    await fetch(`${url}/throws`);
    const { err } = lines.map((line) => JSON.parse(line)).find(({ level }) => level === "error");
    assert.deepEqual(Object.keys(err), ["type", "message", "code", "stack"]);
    assert.deepEqual([err.type, err.message, err.code], ["RangeError", "it is taken", "23505"]);
    assert.doesNotMatch(lines.join(), /secret/);
  });
});

describe("the process", () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));

  /** Its first line, and how it ends; a process that hangs is killed. */
  function start(env: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, [main], {
      env: { DATABASE_URL: databaseUrl, PORT: "0", ...env },
      timeout: 20_000,
      killSignal: "SIGKILL",
    });
    const exit = once(child, "exit");
    const output = createInterface(child.stdout);
    const first = Promise.race([once(output, "line"), exit]).then(([line]) => JSON.parse(line));
    return { child, exit, output, first };
  }

  test("listens, and ends with 0 when it is told to stop", async () => {
    const { child, exit, first } = start({});
    const { msg } = await first;
    child.kill("SIGTERM");
    assert.deepEqual([msg, ...(await exit)], ["listening", 0, null]);
  });

  test("serves and ends while nobody reads its log", async () => {
    const { child, exit, output, first } = start({});
    const { addr } = await first;
    output.pause();
    child.stdout.pause();
    const headers = { "x-request-id": "x".repeat(128) };
    for (let turn = 0; turn < 12; turn++) {
      const answers = Array.from({ length: 100 }, () => fetch(`http://${addr}/livez`, { headers }));
      for (const answer of await Promise.all(answers)) assert.deepEqual(await answer.json(), { status: "ok" });
    }
    child.kill("SIGTERM");
    assert.deepEqual(await exit, [0, null]);
  });

  test("ends with 1 and one line when its configuration is wrong", async () => {
    const { exit, first } = start({ LOG_LEVEL: "loud" });
    const { errors } = await first;
    assert.match(errors.join(), /^LOG_LEVEL /);
    assert.deepEqual(await exit, [1, null]);
  });
});

test("openapi.json describes these routes and no others", async () => {
  const url = await listen();
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
  assert.deepEqual(document, JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8")));
  const described = Object.entries(document.paths).map(([path, item]) => [path, methodsIn(item)]);
  const served = [...app.routes].map(([path, methods]) => [path, methods.filter((method) => method !== "HEAD")]);
  assert.deepEqual(Object.fromEntries(described), Object.fromEntries(served));
});

/** Looks again until it holds, for ten seconds at most. */
async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 10_000; !holds(); await sleep(5)) {
    assert.ok(performance.now() < end, `There was not ${what} within ten seconds.`);
  }
}

/** A handler that says when it is entered, and answers when it is told to. */
function gate() {
  const { promise: open, resolve: opened } = Promise.withResolvers<(answer: string) => void>();
  return { entered: () => new Promise<string>(opened), open };
}

const methodsIn = (item: object) =>
  Object.keys(item)
    .filter((name) => name !== "parameters")
    .map((name) => name.toUpperCase())
    .sort();
