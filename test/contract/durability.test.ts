import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newDatabase } from "../support/databases.ts";
import { bodyWith, changes, create, type Item, itemIn, patch, read } from "../support/items.ts";
import { type Service, start } from "../support/service.ts";

describe("kill -9", () => {
  test.concurrent("P4 what was answered 2xx under concurrent writes is there after a restart", async () => {
    const first = await start();
    const known: Known[] = [];
    const writers = Array.from({ length: 12 }, () => write(first, known));
    while (known.length < 100) await sleep(5);
    first.signal("SIGKILL");
    await Promise.all([...writers, first.exited()]);

    await using second = await start({}, first.database);
    for (const { item, gone, open } of known) {
      if (open) continue;
      if (gone) expect((await second.call(`GET :items/${item.id}`)).status).toBe(404);
      else expect(await read(second, item)).toEqual(item);
    }
  });
});

describe("restart and company", () => {
  test.concurrent("P4 an orderly restart keeps rows and tags", async () => {
    const first = await start();
    const item = await create(first);
    first.signal("SIGTERM");
    await first.exited();
    await using second = await start({}, first.database);
    expect(await read(second, item)).toEqual(item);
  });

  test.concurrent.each([1, 2, 3])("P4 instances started at once on one new database are safe (round %i)", async () => {
    const database = newDatabase();
    const instances = await Promise.all([start({}, database), start({}, database), start({}, database)]);
    for (const writer of instances) {
      const item = await create(writer);
      for (const reader of instances) expect(await read(reader, item)).toEqual(item);
    }
    for (const instance of instances) await instance[Symbol.asyncDispose]();
  });

  test.concurrent("P4 an instance waits for another that is migrating", async () => {
    await using first = await start();
    const lock = await first.database.lockWrites();
    const second = start({}, first.database);
    const [service] = await Promise.all([second, sleep(3_000).then(lock.release)]);
    const item = await create(service);
    expect(await read(first, item)).toEqual(item);
  });

  test.concurrent("P4 two instances on one database do not lose each other's writes", async () => {
    const database = newDatabase();
    await using one = await start({}, database);
    await using other = await start({}, database);
    const created = await Promise.all(Array.from({ length: 40 }, (_, at) => create(at % 2 ? one : other)));
    for (const item of created) expect(await read(one, item)).toEqual(item);
  });
});

/** What a client knows of an item; `open` while an answer is due, when either state is right. */
interface Known {
  item: Item;
  gone: boolean;
  open: boolean;
}

/** Creates, changes and deletes until the service is gone. */
async function write(service: Service, known: Known[]): Promise<void> {
  try {
    for (let turn = 0; ; turn++) {
      const answer = await service.call("POST :items", { body: bodyWith() });
      if (answer.status !== 201) continue;
      const own: Known = { item: itemIn(answer), gone: false, open: false };
      known.push(own);
      if (turn % 3 === 0) continue;
      own.open = true;
      const changed = await patch(service, own.item, changes()[0]);
      if (changed.status === 200) own.item = itemIn(changed);
      own.open = false;
      if (turn % 3 === 1) continue;
      own.open = true;
      own.gone = (await service.call(`DELETE :items/${own.item.id}`)).status === 204;
      own.open = false;
    }
  } catch (cause) {
    if (!/closed|cut short|ECONN|EPIPE/.test(String(cause))) throw cause;
  }
}
