import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Connection, connect, request } from "../support/http.ts";
import { bodyWith, changes, create, read } from "../support/items.ts";
import { collectionOf, start } from "../support/service.ts";

const timeoutMs = 3_000;

/** Sends the last byte of the body when little of the request's time is left, counted from its header. */
async function sendLate(connection: Connection, whole: Buffer): Promise<void> {
  connection.write(whole.subarray(0, -1));
  await sleep(timeoutMs - 400);
  connection.write(whole.subarray(-1));
}

/** A machine that is too busy to send the last byte in time gets a 408, or no answer. */
const refusals = [503, 408, undefined];

/** Longer than the writer could wait for the lock if it had started with all of its time. */
const afterwards = () => sleep(timeoutMs);

test.concurrent("E5 a POST that a lock holds off until it is refused is not carried out after all", async () => {
  await using service = await start({ REQUEST_TIMEOUT_MS: String(timeoutMs) });
  const whole = request(`POST ${await collectionOf(service)}`, { body: bodyWith() });
  const lock = await service.database.lockWrites();
  const connection = await connect(service);
  await sendLate(connection, whole);
  expect(refusals).toContain((await connection.answer())?.status);
  await lock.release();
  await afterwards();
  expect((await service.call("GET :items")).json).toMatchObject({ data: [] });
});

test.concurrent("E5 a PATCH that a lock holds off until it is refused is not carried out after all", async () => {
  await using service = await start({ REQUEST_TIMEOUT_MS: String(timeoutMs) });
  const item = await create(service);
  const headers = { "content-type": "application/merge-patch+json", "if-match": item.etag };
  const whole = request(`PATCH ${await collectionOf(service)}/${item.id}`, { headers, body: changes()[0] });
  const lock = await service.database.lockWrites();
  const connection = await connect(service);
  await sendLate(connection, whole);
  expect(refusals).toContain((await connection.answer("PATCH"))?.status);
  await lock.release();
  await afterwards();
  expect(await read(service, item)).toEqual(item);
});
