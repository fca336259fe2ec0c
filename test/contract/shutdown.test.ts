import { connect as open } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Connection, connect, request } from "../support/http.ts";
import { bodyWith, itemIn, read } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { collectionOf, type Service, start } from "../support/service.ts";
import { unreadPages } from "../support/unread.ts";

const between = (least: number, most: number) => expect.toSatisfy((ms: number) => ms > least && ms < most);

/** Before a server's own patience (net/http's is 5 seconds) or SHUTDOWN_TIMEOUT_MS (8) could have had a hand in it. */
const AT_ONCE = between(-1, 4_000);

const signals = ["SIGTERM", "SIGINT"] as const;

/** A POST whose headers and half of whose body have been sent, and the other half. */
async function halfSent(service: Service): Promise<{ connection: Connection; rest: Buffer }> {
  const connection = await connect(service);
  const whole = request(`POST ${await collectionOf(service)}`, { body: bodyWith() });
  connection.write(whole.subarray(0, -5));
  await sleep(100);
  return { connection, rest: whole.subarray(-5) };
}

function refused({ host, port }: Service): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = open({ host, port }, () => {
      socket.destroy();
      resolve(false);
    }).once("error", () => resolve(true));
  });
}

describe("with nothing in flight", () => {
  test.concurrent.each(signals)("P3 on %s the service ends at once with 0, its database closed", async (signal) => {
    await using service = await start();
    await service.call("POST :items", { body: bodyWith() });
    service.signal(signal);
    expect(await service.exited()).toEqual({ code: 0, after: AT_ONCE });
    expect(await service.database.isClosed()).toBe(true);
  });

  test.concurrent("P3 a connection without a request, used or not, does not hold the exit", async () => {
    await using service = await start();
    const unused = await connect(service);
    const used = await connect(service);
    used.write(request("GET /livez"));
    expect(await used.answer()).toMatchObject({ status: 200 });
    const halfAHeader = await connect(service);
    halfAHeader.write("GET /livez HTTP/1.1\r\nHost: loc");
    await sleep(100);
    service.signal("SIGTERM");
    expect(await service.exited()).toEqual({ code: 0, after: AT_ONCE });
    await Promise.all([unused.closed, used.closed, halfAHeader.closed]);
  });
});

describe("with a request in flight", () => {
  test.concurrent.each(signals)("P3 on %s it is still answered, and the exit is 0", async (signal) => {
    await using service = await start();
    const { connection, rest } = await halfSent(service);
    service.signal(signal);
    await sleep(700);
    connection.write(rest);
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 201, headers: { connection: "close" } });
    await connection.closed;
    expect(await service.exited()).toEqual({ code: 0, after: AT_ONCE });
    if (answer === undefined) return;
    await using again = await start({}, service.database);
    expect(await read(again, itemIn(answer))).toEqual(itemIn(answer));
  });

  test.concurrent("P3 meanwhile the listener is closed, and idle connections are", async () => {
    await using service = await start();
    const idle = await connect(service);
    const { connection, rest } = await halfSent(service);
    service.signal("SIGTERM");
    await idle.closed;
    while (!(await refused(service))) await sleep(20);
    connection.write(rest);
    expect(await connection.answer()).toMatchObject({ status: 201 });
    expect(await service.exited()).toMatchObject({ code: 0 });
  });

  test.concurrent("P3 it is cut SHUTDOWN_TIMEOUT_MS after the signal, and the exit is 1", async () => {
    await using service = await start({ SHUTDOWN_TIMEOUT_MS: "1500" });
    const { connection } = await halfSent(service);
    service.signal("SIGTERM");
    expect(await service.exited()).toEqual({
      code: 1,
      after: between(1_400, 6_000),
    });
    expect(await connection.answer()).toBeUndefined();
    const cut = service.lines().filter(({ method }) => method === "POST");
    expect(cut).toEqual([expect.objectContaining({ msg: "request", status: 499 })]);
  });

  test.concurrent("P3 the delay counts towards that timeout", async () => {
    await using service = await start({ SHUTDOWN_DELAY_MS: "3500", SHUTDOWN_TIMEOUT_MS: "4000" });
    await halfSent(service);
    service.signal("SIGTERM");
    expect(await service.exited()).toEqual({
      code: 1,
      after: between(3_900, 6_000),
    });
  });

  test.concurrent.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("P3 a second %s ends at once with %i", async (signal, code) => {
    await using service = await start();
    await halfSent(service);
    service.signal(signal);
    await sleep(300);
    service.signal(signal);
    expect(await service.exited()).toEqual({ code, after: AT_ONCE });
  });
});

describe("with an answer that is still being written", () => {
  test.concurrent.each([
    ["nothing", ""],
    ["half a header", "GET /livez HTTP/1.1\r\nHos"],
  ])("P3 with %s after it, it is read to its end, and the exit is 0", async (_what, more) => {
    await using service = await start();
    const answersTo = await unreadPages(service, 20, more);
    await sleep(500);
    service.signal("SIGTERM");
    await sleep(1_000);
    const answers = await answersTo();
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await service.exited()).toMatchObject({ code: 0 });
  });

  test.concurrent("P3 one that nobody reads is cut with the time, and the exit is 1", async () => {
    await using service = await start({ SHUTDOWN_TIMEOUT_MS: "1500" });
    await unreadPages(service, 20);
    await sleep(500);
    service.signal("SIGTERM");
    expect(await service.exited()).toEqual({ code: 1, after: between(1_400, 6_000) });
  });
});

describe("during SHUTDOWN_DELAY_MS", () => {
  test.concurrent("P3 /readyz is 503, the rest goes on, and every answer closes its connection", async () => {
    await using service = await start({ SHUTDOWN_DELAY_MS: "2500" });
    const kept = await connect(service);
    kept.write(request("GET /livez"));
    expect((await kept.answer())?.headers.connection).not.toBe("close");
    service.signal("SIGTERM");
    await sleep(100);
    kept.write(request("GET /livez"));
    expect(await kept.answer()).toMatchObject({ status: 200, headers: { connection: "close" } });
    await kept.closed;

    const open = { headers: { connection: "keep-alive" } };
    const ready = await service.call("GET /readyz", open);
    expectProblem(ready, 503);
    const answers = [
      ready,
      await service.call("GET /livez", open),
      await service.call("GET /nowhere", open),
      await service.call("PUT :items", open),
      await service.call("POST :items", { ...open, body: bodyWith() }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 200, 404, 405, 201]);
    expect(answers.map(({ headers }) => headers.connection)).toEqual(answers.map(() => "close"));
    expect(await service.exited()).toEqual({
      code: 0,
      after: between(2_400, 7_000),
    });
  });

  test.concurrent("P3 after it the listener closes though a request is in flight", async () => {
    await using service = await start({ SHUTDOWN_DELAY_MS: "500" });
    const { connection, rest } = await halfSent(service);
    service.signal("SIGTERM");
    await sleep(200);
    expect(await refused(service)).toBe(false);
    while (!(await refused(service))) await sleep(50);
    connection.write(rest);
    expect(await connection.answer()).toMatchObject({ status: 201, headers: { connection: "close" } });
    expect(await service.exited()).toMatchObject({ code: 0 });
  });
});
