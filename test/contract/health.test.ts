import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { bodyWith, changes, create, patch, read } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { type Service, start } from "../support/service.ts";
import { timed } from "../support/timed.ts";

/** Less than any busy timeout in use, and more than a busy machine makes of an answer at once. */
const SOON = 2_000;

describe("with a database that answers", () => {
  let service: Service;

  beforeAll(async () => {
    service = await start();
  });

  test.each([
    ["H1", "/livez"],
    ["H2", "/readyz"],
  ])('%s GET %s is 200 {"status":"ok"}', async (_point, path) => {
    const { status, headers, json } = await service.call(`GET ${path}`);
    expect({ status, json }).toEqual({ status: 200, json: { status: "ok" } });
    expect(headers["content-type"]).toMatch(/^application\/json(;|$)/);
  });
});

describe("with a database that another process holds", () => {
  test.concurrent("H1 /livez answers at once, H2 /readyz within a second, and both recover", async () => {
    await using service = await start();
    await create(service);
    const lock = await service.database.lockEverything();
    try {
      const ready = timed(service.call("GET /readyz"));
      await sleep(50);
      const live = await timed(service.call("GET /livez"));
      expect(live.answer).toMatchObject({ status: 200, json: { status: "ok" } });
      expect(live.ms).toBeLessThan(SOON);
      const { answer, ms } = await ready;
      if (answer.status !== 200) expectProblem(answer, 503);
      expect(ms).toBeLessThan(1_000 + SOON);
    } finally {
      await lock.release();
    }
    for (const end = Date.now() + 10_000; (await service.call("GET /readyz")).status !== 200 && Date.now() < end; )
      await sleep(50);
    expect(await service.call("GET /readyz")).toMatchObject({ status: 200, json: { status: "ok" } });
    await create(service);
  });

  test.concurrent("E2 writes that a lock holds off are 503; readers, H1 /livez and H2 /readyz go on meanwhile", async () => {
    await using service = await start();
    const item = await create(service);
    const lock = await service.database.lockWrites();
    try {
      let answered = false;
      const writes = Promise.all([
        service.call("POST :items", { body: bodyWith() }),
        patch(service, item, changes()[0]),
        service.call(`DELETE :items/${item.id}`),
      ]).finally(() => {
        answered = true;
      });
      for (let turn = 0; turn < 10 || !answered; turn++) {
        for (const target of [`GET :items/${item.id}`, "GET :items", "GET /livez", "GET /readyz"]) {
          const { answer, ms } = await timed(service.call(target));
          expect(answer.status).toBe(200);
          expect(ms).toBeLessThan(SOON);
        }
        await sleep(50);
      }
      for (const answer of await writes) expectProblem(answer, 503);
      expect(await read(service, item)).toEqual(item);
    } finally {
      await lock.release();
    }
    await create(service);
    expect((await patch(service, item, changes()[0])).status).toBe(200);
  });

  test.concurrent("E2 a write waits for a lock that is soon gone", async () => {
    await using service = await start();
    const lock = await service.database.lockWrites();
    const writes = Promise.all(Array.from({ length: 8 }, () => create(service)));
    await sleep(600);
    await lock.release();
    expect(await writes).toHaveLength(8);
  });
});
