import { once } from "node:events";
import { existsSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { databaseFile, newDatabase } from "../support/databases.ts";
import { connect, request } from "../support/http.ts";
import { addressed, bodyWith, create, NOBODY, patch } from "../support/items.ts";
import { freePort } from "../support/ports.ts";
import { type Environment, type Line, launch, variables } from "../support/process.ts";
import { collectionOf, type Service, start } from "../support/service.ts";
import { subject } from "../support/subject.ts";

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const onSqlite = subject.postgres === undefined;
const LEVELS = ["debug", "info", "warn", "error"];

describe("configuration", () => {
  const numbers = [
    "MAX_BODY_BYTES",
    "REQUEST_TIMEOUT_MS",
    "HEADER_TIMEOUT_MS",
    "SHUTDOWN_DELAY_MS",
    "SHUTDOWN_TIMEOUT_MS",
  ];
  const all = (value: string) => Object.fromEntries(numbers.map((name) => [name, value]));
  const wrong: Environment[] = [
    { PORT: "abc", LOG_LEVEL: "loud", DATABASE_URL: "mysql://admin:hunter2@localhost/x", ...all("ten") },
    { PORT: "-1", LOG_LEVEL: "trace", DATABASE_URL: "data/hunter2.db", ...all("-1") },
    { PORT: "65536", LOG_LEVEL: "0", DATABASE_URL: "://hunter2", ...all("99999999999999999999") },
    { PORT: "8080.5", ...all("1.5") },
    { PORT: "1e3", ...all("1e3") },
    { PORT: "0x50", ...all("1_000") },
    { PORT: "80 80", ...all("1s") },
    { PORT: "+8080", ...all("+1") },
    { PORT: "abc" },
    { LOG_LEVEL: "loud" },
    ...(onSqlite
      ? [{ DATABASE_URL: "sqlite://:memory:" }, { DATABASE_URL: "sqlite://hunter2.db?mode=ro" }]
      : [{ DATABASE_URL: "" }, { DATABASE_URL: "sqlite://hunter2.db" }]),
  ];

  test.concurrent.each(wrong)(
    "P1 %j is refused in one line that names every wrong variable and no secret",
    async (environment) => {
      const process = launch(environment);
      expect(await process.exited()).toMatchObject({ code: 1 });
      expect(process.lines()).toMatchObject([
        { time: expect.stringMatching(RFC3339), level: "error", msg: expect.stringMatching(/\S/) },
      ]);
      const [line = "", ...more] = process.output();
      expect(more).toEqual([]);
      expect(variables.filter((name) => line.includes(name))).toEqual(variables.filter((name) => name in environment));
      expect(line).not.toContain("hunter2");
    },
  );

  test.each([{ SHUTDOWN_DELAY_MS: "8000" }, { SHUTDOWN_DELAY_MS: "700", SHUTDOWN_TIMEOUT_MS: "700" }])(
    "P1 %j leaves no time to drain, and is refused",
    async (environment) => {
      const process = launch(environment);
      expect(await process.exited()).toMatchObject({ code: 1 });
      expect(process.output()).toEqual([expect.stringContaining("SHUTDOWN_DELAY_MS")]);
    },
  );

  test("P1 an empty variable is unset, and its default holds", async () => {
    const { PORT, ...empty } = Object.fromEntries(variables.map((name) => [name, ""]));
    const before = filesUnder(data);
    try {
      // A server of its own has no default.
      await using service = await start(onSqlite ? empty : { ...empty, DATABASE_URL: newDatabase().url });
      expect(service.host).toBe("127.0.0.1");
      const spaced = (size: number) => `{}${" ".repeat(size - 2)}`;
      expect((await service.call("POST :items", { body: spaced(1_048_576) })).status).toBe(422);
      expect((await service.call("POST :items", { body: spaced(1_048_577) })).status).toBe(413);
      if (onSqlite) expect(filesUnder(data)).not.toEqual(before);
    } finally {
      for (const file of Object.keys(filesUnder(data))) if (!(file in before)) rmSync(join(data, file));
      if (existsSync(data) && readdirSync(data).length === 0) rmdirSync(data);
    }
  });

  test("P1 an empty PORT is 8080: with that taken the service ends with 1", async () => {
    const occupant = await occupied(8080);
    expect(await launch({ PORT: "" }).exited()).toMatchObject({ code: 1 });
    occupant?.close();
  });

  test("P1 an address that cannot be listened on is one error that names it", async () => {
    const port = await freePort();
    const occupant = await occupied(port);
    const process = launch({ PORT: String(port) });
    expect(await process.exited()).toMatchObject({ code: 1 });
    const errors = process.lines().filter(({ level }) => level === "error");
    expect(errors.map((line) => JSON.stringify(line))).toEqual([expect.stringContaining(`127.0.0.1:${port}`)]);
    occupant?.close();
  });

  test("P1 HOST and PORT are taken", async () => {
    const port = await freePort();
    await using service = await start({ HOST: "127.0.0.2", PORT: String(port) });
    expect(service).toMatchObject({ host: "127.0.0.2", port });
  });

  test.runIf(onSqlite)("P1 without a third slash the path of DATABASE_URL is from the working folder", async () => {
    const file = databaseFile();
    await using service = await start({ DATABASE_URL: `sqlite://${relative(subject.cwd, file)}` });
    await create(service);
    expect(existsSync(file)).toBe(true);
  });

  test("P1 .env is not read", async () => {
    const file = join(subject.cwd, ".env");
    writeFileSync(file, "LOG_LEVEL=loud\nHOST=127.0.0.3\n", { flag: "wx" });
    try {
      await using service = await start();
      expect(service.host).toBe("127.0.0.1");
    } finally {
      rmSync(file);
    }
  });
});

describe("logs", () => {
  let service: Service;
  let collection: string;

  beforeAll(async () => {
    service = await start({ LOG_LEVEL: "info" });
    collection = await collectionOf(service);
  });

  test.concurrent.each(LEVELS)(
    "P2 the line listening is there at LOG_LEVEL=%s, and requests only up to info",
    async (level) => {
      await using service = await start({ LOG_LEVEL: level });
      await service.call("GET /livez", { headers: { "x-request-id": "the-one" } });
      service.signal("SIGTERM");
      await service.exited();
      expect(service.lines()[0]).toBeDefined();
      expect(service.lines().filter(({ msg }) => msg === "listening")).toMatchObject([
        { addr: `127.0.0.1:${service.port}` },
      ]);
      const lower = LEVELS.slice(0, LEVELS.indexOf(level));
      expect(service.lines().filter((line) => lower.includes(line.level) && line.msg !== "listening")).toEqual([]);
      expect(service.lines().filter(({ request_id }) => request_id === "the-one")).toHaveLength(
        LEVELS.indexOf(level) <= 1 ? 1 : 0,
      );
    },
  );

  test.each<[string, string, number]>([
    ["GET /livez", "/livez", 200],
    ["GET /readyz", "/readyz", 200],
    ["GET /openapi.json", "/openapi.json", 200],
    ["HEAD /livez", "/livez", 200],
    ["GET :items", ":items", 200],
    ["GET :items?limit=5", ":items", 200],
    ["GET :items?limit=0", ":items", 400],
    ["GET :items/nonsense", ":items/{id}", 400],
    ["GET :items/:nobody", ":items/{id}", 404],
    ["DELETE :items/:nobody", ":items/{id}", 404],
    ["PUT :items/:nobody", ":items/{id}", 405],
    ["OPTIONS :items", ":items", 405],
    ["POST :items", ":items", 415],
    ["GET /nowhere", "", 404],
    ["GET :items/a/b", "", 404],
    ["POST /", "", 404],
  ])("P2 %s is logged with the route %j and %i", async (target, route, status) => {
    const { headers } = await service.call(addressed(target, { id: NOBODY }));
    const line = await lineOf(headers["x-request-id"]);
    expect(line).toMatchObject({
      time: expect.stringMatching(RFC3339),
      level: expect.stringMatching(/^(debug|info|warn|error)$/),
      msg: expect.stringMatching(/\S/),
      method: target.split(" ")[0],
      route: route.replace(":items", collection),
      status,
      duration_ms: expect.any(Number),
    });
    expect(line.trace_id).toBeUndefined();
    expect(line.duration_ms).toBeGreaterThanOrEqual(0);
    expect(line.duration_ms).toBeLessThan(10_000);
  });

  test("P2 a route that is met is the document's own name for it", async () => {
    const { paths } = (await service.call("GET /openapi.json")).json as { paths: object };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(["/livez", "/readyz", "/openapi.json", collection, `${collection}/{id}`]),
    );
  });

  test("P2 a request is one line, and text in it stays text", async () => {
    const id = `"},{"level":"error\\n{}`;
    await service.call("GET /livez", { headers: { "x-request-id": id } });
    await lineOf(id);
    expect(service.lines().filter(({ request_id }) => request_id === id)).toHaveLength(1);
  });

  test.concurrent.each(["info", "debug"])(
    "P2 at %s no path, query, body or credential is logged, and nothing but JSON lines",
    async (level) => {
      await using service = await start({ LOG_LEVEL: level });
      const secret = "hunter2";
      const headers = {
        authorization: `Bearer ${secret}`,
        cookie: `session=${secret}`,
        "x-api-key": secret,
        "content-type": "application/json",
        "user-agent": secret,
      };
      const item = await create(service);
      const quitter = await connect(service);
      quitter.write(request(`POST ${collection}`, { headers, body: bodyWith() }).subarray(0, -1));
      const answers = await Promise.all([
        service.call(`GET /${secret}?token=${secret}`, { headers }),
        service.call(`GET :items?token=${secret}&cursor=${secret}&limit=${secret}`, { headers }),
        service.call(`GET :items/${secret}`, { headers }),
        service.call("POST :items", { headers, body: `{"${secret}":"${secret}"}` }),
        service.call("POST :items", { headers, body: `{"${secret}` }),
        service.call("POST :items", { headers: { "content-type": secret }, body: secret }),
        service.call("POST :items", { headers, body: bodyWith({ [secret]: "1" }) }),
        service.call(`PUT :items/${secret}`, { headers }),
        patch(service, item, { [secret]: secret }, { headers }),
      ]);
      quitter.end();
      for (const { headers } of answers) await service.line((line) => line.request_id === headers["x-request-id"]);
      service.signal("SIGTERM");
      await service.exited();
      expect(service.output().join("\n")).not.toContain(secret);
      expect(service.lines()).toHaveLength(service.output().length);
      for (const line of service.lines()) {
        expect(line).toMatchObject({
          time: expect.stringMatching(RFC3339),
          level: expect.stringMatching(/^(debug|info|warn|error)$/),
          msg: expect.any(String),
        });
      }
      expect(service.lines().filter((line) => line.level === "error")).toEqual([]);
    },
  );

  test("P2 a request whose client goes away is one line with 499, and no error", async () => {
    const lock = await service.database.lockWrites();
    const quitter = await connect(service);
    quitter.write(request(`POST ${collection}`, { headers: { "x-request-id": "the-quitter" }, body: bodyWith() }));
    await sleep(300);
    quitter.end();
    const line = await lineOf("the-quitter");
    await lock.release();
    expect(line).toMatchObject({ status: 499, method: "POST", route: collection, level: "info" });
    await create(service);
    expect(service.lines().filter(({ request_id }) => request_id === "the-quitter")).toHaveLength(1);
  });

  function lineOf(id: string | undefined): Promise<Line> {
    return service.line(({ request_id, status }) => request_id === id && status !== undefined);
  }
});

/** The default of DATABASE_URL is in there. */
const data = join(subject.cwd, "data");

function filesUnder(folder: string): Record<string, number> {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(files.map((file) => [file, statSync(join(folder, file)).mtimeMs]));
}

/** Listens on the port itself, unless someone else does and stays. Another run of this test goes away. */
async function occupied(port: number): Promise<Server | undefined> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) {
    const server = createServer().listen(port, "127.0.0.1");
    // `once` rejects when the server says "error" first.
    const listens = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (listens) return server;
  }
  return undefined;
}
