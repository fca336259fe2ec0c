import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, newCluster } from "../support/cluster.ts";
import { type Database, type Lock, postgresAt } from "../support/databases.ts";
import type { Answer } from "../support/http.ts";
import { bodyWith, create, read, textField } from "../support/items.ts";
import { expectProblem, outcomeUnknown } from "../support/problem.ts";
import { launch } from "../support/process.ts";
import { proxyTo } from "../support/proxy.ts";
import { createDatabase, query } from "../support/psql.ts";
import { type Service, start } from "../support/service.ts";
import { subject } from "../support/subject.ts";
import { timed } from "../support/timed.ts";

/** What a busy machine may make of a second. */
const SLACK = 2_000;

/** With a time that a test can wait for. */
const environment = { REQUEST_TIMEOUT_MS: "4000" };

describe.runIf(subject.postgres !== undefined)("with a database server", () => {
  let cluster: Cluster;
  let database: Database;
  beforeAll(async () => {
    cluster = await newCluster();
    database = postgresAt(createDatabase(cluster.url));
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test("P4 instances started at once migrate once, whatever isolation the database is set to", async () => {
    for (const isolation of ["repeatable read", "serializable"]) {
      const fresh = postgresAt(createDatabase(cluster.url));
      const { pathname } = new URL(fresh.url);
      query(fresh.url, `ALTER DATABASE ${pathname.slice(1)} SET default_transaction_isolation = '${isolation}'`);
      const instances = await Promise.all(Array.from({ length: 4 }, () => start({}, fresh)));
      const item = await create(instances[0] as Service);
      for (const instance of instances) expect(await read(instance, item)).toEqual(item);
      for (const instance of instances) await instance[Symbol.asyncDispose]();
    }
  });

  describe("while a start waits for a table that somebody holds", () => {
    let fresh: Database;
    let lock: Lock;
    beforeAll(async () => {
      fresh = postgresAt(createDatabase(cluster.url));
      const first = await start({}, fresh);
      await first[Symbol.asyncDispose]();
      lock = await fresh.lockEverything();
    });
    afterAll(() => lock.release());

    test("P3 a signal ends it at once with 0", async () => {
      const starting = launch({}, fresh);
      const waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
      await expect.poll(() => query(fresh.url, waiting), { timeout: 10_000 }).toBe("1");
      starting.signal("SIGTERM");
      const { code, after } = await starting.exited();
      expect(code).toBe(0);
      expect(after).toBeLessThan(SLACK);
      expect(starting.lines()).toEqual([expect.objectContaining({ level: "info", msg: "shutting down" })]);
    });

    test("P4 it gives up after seconds with 1, and one line says why", async () => {
      const starting = launch({}, fresh);
      expect(await starting.exited()).toMatchObject({ code: 1 });
      const errors = starting.lines().filter(({ level }) => level === "error");
      expect(errors.map((line) => JSON.stringify(line))).toEqual([expect.stringMatching(/lock/)]);
    });
  });

  test("P4 a role that may make no tables is enough where nothing is to be migrated", async () => {
    const owned = postgresAt(createDatabase(cluster.url));
    const first = await start({}, owned);
    const item = await create(first);
    await first[Symbol.asyncDispose]();
    const role = new URL(owned.url);
    role.username = "clerk";
    query(owned.url, "CREATE ROLE clerk LOGIN");
    query(owned.url, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk");
    await using service = await start({}, postgresAt(role.href));
    expect(await read(service, item)).toEqual(item);
    await create(service);
  });

  test("E2 a server that takes no writes costs those a 503, on connections that are not used again", async () => {
    const demoted = postgresAt(createDatabase(cluster.url));
    await using service = await start(environment, demoted);
    const item = await create(service);
    const name = new URL(demoted.url).pathname.slice(1);
    query(demoted.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    endConnections(demoted);
    await expect.poll(async () => (await service.call(`GET :items/${item.id}`)).status).toBe(200);
    expectProblem(await service.call("POST :items", { body: bodyWith() }), 503);
    expect((await service.call(`GET :items/${item.id}`)).status).toBe(200);
    query(cluster.url, `ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await expect.poll(async () => (await service.call("POST :items", { body: bodyWith() })).status).toBe(201);
  });

  test.each(["ends", "is silent"] as const)(
    "E2 a write whose connection %s is a 503 that does not ask for it again, since it may be there",
    async (then) => {
      const fresh = postgresAt(createDatabase(cluster.url));
      await using proxy = await proxyTo(fresh.url);
      await using service = await start(environment, { ...fresh, url: proxy.url });
      await create(service);
      proxy.loseAnswerTo("sent once", then);
      const lost = await service.call("POST :items", { body: bodyWith({ [textField().name]: '"sent once"' }) });
      expectProblem(lost, 503);
      expect(lost.json).toMatchObject({ detail: outcomeUnknown });
      expect(lost.headers).not.toHaveProperty("retry-after");
      await recovered(service);
      const { json } = await service.call("GET :items");
      expect((json as { data: unknown[] }).data).toHaveLength(2);
    },
  );

  test("E2 stopped: what needs it is 503, H1 /livez is not, H2 /readyz says so, and all is back without a restart", async () => {
    await using service = await start(environment, database);
    const item = await create(service);
    cluster.stop();
    const { answer, ms } = await timed(service.call("GET /readyz"));
    expectProblem(answer, 503);
    expect(ms).toBeLessThan(1_000 + SLACK);
    for (const each of await everything(service, item.id)) expectProblem(each, 503);
    expect((await service.call("GET /livez")).status).toBe(200);
    cluster.start();
    await recovered(service);
    expect(await read(service, item)).toEqual(item);
    await create(service);
  });

  test("E5 frozen: nothing waits for as long as a request may take, and all is back without a restart", async () => {
    await using service = await start({ REQUEST_TIMEOUT_MS: "10000" }, database);
    const [item, other] = [await create(service), await create(service)];
    // At once, on connections that have just answered and so are not asked whether they live.
    await Promise.all(Array.from({ length: 8 }, () => read(service, item)));
    cluster.freeze();
    try {
      const all = timed(everything(service, other.id));
      const ready = await timed(service.call("GET /readyz"));
      expectProblem(ready.answer, 503);
      expect(ready.ms).toBeLessThan(1_000 + SLACK);
      const { answer, ms } = await all;
      for (const each of answer) expectProblem(each, 503);
      expect(ms).toBeLessThan(9_500);
      expect((await service.call("GET /livez")).status).toBe(200);
    } finally {
      cluster.thaw();
    }
    await recovered(service);
    expect(await read(service, item)).toEqual(item);
  });

  test("E2 connections that a network has forgotten are given up, and all is back without a restart", async () => {
    await using proxy = await proxyTo(database.url);
    await using service = await start(environment, { ...database, url: proxy.url });
    const item = await create(service);
    const lock = await database.lockEverything();
    const crowd = Promise.all(Array.from({ length: 20 }, () => service.call(`GET :items/${item.id}`)));
    try {
      await sleep(500);
      proxy.silence();
      for (const each of await crowd) expectProblem(each, 503);
    } finally {
      await lock.release();
    }
    const crowded = async () => {
      const answers = Array.from({ length: 20 }, () => service.call(`GET :items/${item.id}`));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    await expect.poll(crowded, { timeout: 15_000 }).toEqual(Array.from({ length: 20 }, () => 200));
  });

  test("E2 connections that the server ends cost one 503 at most, and no 500", async () => {
    await using service = await start(environment, database);
    const item = await create(service);
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 8 }, () => service.call(`GET :items/${item.id}`)));
      endConnections();
      const statuses: number[] = [];
      for (let turn = 0; turn < 12; turn++) statuses.push((await service.call(`GET :items/${item.id}`)).status);
      expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(statuses.filter((status) => status === 503).length).toBeLessThanOrEqual(1);
    }
  });

  test("E2 connections that the server ends under load cost no 500, and no row that was answered", async () => {
    await using service = await start(environment, database);
    const created: string[] = [];
    const seen = new Set<number>();
    let over = false;
    const writers = Array.from({ length: 8 }, async () => {
      while (!over) {
        const answer = await service.call("POST :items", { body: bodyWith() });
        seen.add(answer.status);
        if (answer.status === 201) created.push((answer.json as { id: string }).id);
      }
    });
    for (let round = 0; round < 10; round++) {
      await sleep(100);
      endConnections();
    }
    over = true;
    await Promise.all(writers);
    expect([...seen].filter((status) => status !== 201 && status !== 503)).toEqual([]);
    for (const id of created.slice(-200)) expect((await service.call(`GET :items/${id}`)).status).toBe(200);
  });

  test("E2 with no connection free requests are 503 within their time, and H1 and H2 go on", async () => {
    await using service = await start(environment, database);
    const item = await create(service);
    const lock = await database.lockEverything();
    try {
      const crowd = timed(Promise.all(Array.from({ length: 60 }, () => service.call(`GET :items/${item.id}`))));
      await sleep(500);
      for (const path of ["/livez", "/readyz"]) {
        const { answer, ms } = await timed(service.call(`GET ${path}`));
        if (path === "/livez") expect(answer.status).toBe(200);
        expect(ms).toBeLessThan(1_000 + SLACK);
      }
      const { answer, ms } = await crowd;
      for (const each of answer) expectProblem(each, 503);
      expect(ms).toBeLessThan(4_000 + SLACK);
    } finally {
      await lock.release();
    }
    await recovered(service);
    expect(await read(service, item)).toEqual(item);
  });

  test("P1 a server that is not there ends the start with 1, in one line without the password", async () => {
    const process = launch({ DATABASE_URL: "postgres://someone:hunter2@127.0.0.1:1/nothing" }, database);
    expect(await process.exited()).toMatchObject({ code: 1 });
    expect(process.lines().filter(({ level }) => level === "error")).toHaveLength(1);
    expect(process.lines()).toHaveLength(process.output().length);
    expect(process.output().join("\n")).not.toContain("hunter2");
  });

  function endConnections({ url } = database): void {
    const others = "datname = current_database() AND pid <> pg_backend_pid()";
    query(url, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE ${others}`);
  }
});

/** One request of each kind that needs the database. */
function everything(service: Service, id: string): Promise<Answer[]> {
  return Promise.all([
    service.call("GET :items"),
    service.call(`GET :items/${id}`),
    service.call("POST :items", { body: bodyWith() }),
    service.call(`DELETE :items/${id}`),
  ]);
}

async function recovered(service: Service): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50))
    if ((await service.call("GET /readyz")).status === 200) return;
  throw new Error("The service does not come back.");
}
