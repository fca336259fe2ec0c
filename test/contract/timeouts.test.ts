import { connect as open } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Connection, connect, request } from "../support/http.ts";
import { bodyWith, create } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { collectionOf, type Service, start } from "../support/service.ts";
import { unreadPages } from "../support/unread.ts";

/** Writes a few bytes at a time, evenly over the time, until all is sent or the other side closes. */
async function trickle(connection: Connection, bytes: Uint8Array, ms: number): Promise<void> {
  let open = true;
  void connection.closed.then(() => {
    open = false;
  });
  const since = Date.now();
  for (let sent = 0; sent < bytes.length && open; await sleep(50)) {
    const due = Math.min(bytes.length, Math.ceil((bytes.length * (Date.now() - since)) / ms));
    connection.write(bytes.subarray(sent, due));
    sent = due;
  }
}

async function post(service: Service): Promise<{ head: Buffer; body: Buffer }> {
  const whole = request(`POST ${await collectionOf(service)}`, { body: bodyWith() });
  const end = whole.indexOf("\r\n\r\n") + 4;
  return { head: whole.subarray(0, end), body: whole.subarray(end) };
}

/** A slow header is closed, with whatever the parser says of it or with nothing. Returns when, counted from the connect. */
async function headerTimeout(connection: Connection): Promise<number> {
  expect([400, 408, undefined]).toContain((await connection.answer())?.status);
  return connection.closed;
}

/** A slow body is a 408 that closes the connection, or closed. Returns when, counted from the connect. */
async function bodyTimeout(connection: Connection): Promise<number> {
  const answer = await connection.answer();
  if (answer !== undefined) {
    expectProblem(answer, 408);
    expect(answer.headers.connection).toBe("close");
  }
  return connection.closed;
}

function expectBetween(ms: number, least: number, most: number): void {
  expect(ms).toBeGreaterThan(least);
  expect(ms).toBeLessThan(most);
}

/** Far enough apart to be told from each other on a busy machine. */
const slow = { HEADER_TIMEOUT_MS: "1500", REQUEST_TIMEOUT_MS: "12000" };

test.concurrent("E5 a header that stops is closed at HEADER_TIMEOUT_MS", async () => {
  await using service = await start(slow);
  const connection = await connect(service);
  connection.write("GET /livez HTTP/1.1\r\nHos");
  expectBetween(await headerTimeout(connection), 1_000, 8_000);
});

test.concurrent("E5 a header that trickles is closed at HEADER_TIMEOUT_MS all the same", async () => {
  await using service = await start(slow);
  const connection = await connect(service);
  void trickle(connection, Buffer.from(`GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ${"x".repeat(40)}\r\n\r\n`), 6_000);
  expectBetween(await headerTimeout(connection), 1_000, 8_000);
});

test.concurrent("E5 a second header on a connection is timed as well", async () => {
  await using service = await start(slow);
  const connection = await connect(service);
  connection.write(request("GET /livez"));
  expect(await connection.answer()).toMatchObject({ status: 200 });
  connection.write("GET /livez HTTP/1.1\r\nHos");
  expectBetween(await headerTimeout(connection), 0, 8_000);
});

test.concurrent("E5 a second header behind answers that are read late is timed as well, and they are whole", async () => {
  await using service = await start(slow);
  const answersTo = await unreadPages(service, 20, "GET /livez HTTP/1.1\r\nHos");
  await sleep(3_000);
  const since = Date.now();
  const answers = await answersTo();
  expect(Date.now() - since).toBeLessThan(8_000);
  expect(answers.slice(0, 20).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
});

test.concurrent("E5 a body that stops is a 408 or closed at REQUEST_TIMEOUT_MS", async () => {
  await using service = await start({ REQUEST_TIMEOUT_MS: "2500" });
  const { head, body } = await post(service);
  const connection = await connect(service);
  connection.write(Buffer.concat([head, body.subarray(0, 10)]));
  expectBetween(await bodyTimeout(connection), 2_000, 8_000);
  // Whoever reads the log must not take it for a client that left.
  expect(await service.line(({ method }) => method === "POST")).toMatchObject({ status: 408 });
});

test.concurrent("E5 a body that trickles is timed from the first byte of the request", async () => {
  await using service = await start({ HEADER_TIMEOUT_MS: "6000", REQUEST_TIMEOUT_MS: "6000" });
  const { head, body } = await post(service);
  const connection = await connect(service);
  await trickle(connection, head, 4_000);
  void trickle(connection, body, 20_000);
  expectBetween(await bodyTimeout(connection), 5_000, 9_500);
});

test.concurrent("E5 a chunked body that trickles is timed the same", async () => {
  await using service = await start({ REQUEST_TIMEOUT_MS: "2500" });
  const connection = await connect(service);
  const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
  connection.write(request(`POST ${await collectionOf(service)}`, { headers }));
  void trickle(connection, Buffer.from("1\r\n \r\n".repeat(40)), 20_000);
  expectBetween(await bodyTimeout(connection), 2_000, 8_000);
});

test.concurrent("E5 a slow request within its time is answered", async () => {
  await using service = await start();
  const { head, body } = await post(service);
  const connection = await connect(service);
  await trickle(connection, head, 500);
  await trickle(connection, body, 1_000);
  expect(await connection.answer()).toMatchObject({ status: 201 });
});

test.concurrent("E5 after its time a connection that is used goes on", async () => {
  await using service = await start({ HEADER_TIMEOUT_MS: "1000", REQUEST_TIMEOUT_MS: "1000" });
  const connection = await connect(service);
  for (let turn = 0; turn < 6; turn++) {
    connection.write(request("GET /livez"));
    expect(await connection.answer()).toMatchObject({ status: 200 });
    await sleep(400);
  }
});

test.concurrent("P1 HEADER_TIMEOUT_MS above REQUEST_TIMEOUT_MS counts as equal to it", async () => {
  await using service = await start({ HEADER_TIMEOUT_MS: "60000", REQUEST_TIMEOUT_MS: "1500" });
  const connection = await connect(service);
  connection.write("GET /livez HTTP/1.1\r\nHos");
  expectBetween(await headerTimeout(connection), 0, 8_000);
});

test.concurrent("E5 a client that does not read its answers is cut", async () => {
  await using service = await start({ HEADER_TIMEOUT_MS: "1000", REQUEST_TIMEOUT_MS: "1000" });
  const { body } = await service.call("GET /openapi.json");
  // As many as a server reads at once, and all of them whole: a part of one would be cut as a request that is late.
  const asked = request("GET /openapi.json");
  const count = Math.floor(60_000 / asked.length);
  // More than the buffers of both sides take.
  expect(count * body.length).toBeGreaterThan(8_000_000);
  const socket = open({ host: service.host, port: service.port }).pause();
  socket.on("error", () => {}).write(Buffer.concat(Array.from({ length: count }, () => asked)));
  await sleep(6_000);
  let received = 0;
  socket.on("data", (chunk) => {
    received += chunk.length;
  });
  socket.resume();
  while (!socket.closed && received < count * body.length) await sleep(50);
  expect(received).toBeLessThan(count * body.length);
  socket.destroy();
});

test.concurrent("E5 1,000 idle connections leave the service answering", async () => {
  await using service = await start();
  const idle = await Promise.all(Array.from({ length: 1_000 }, () => connect(service)));
  for (const connection of idle.slice(0, 100)) connection.write("GET /livez HTTP/1.1\r\nHos");
  for (let turn = 0; turn < 20; turn++) {
    const since = Date.now();
    expect((await service.call("GET /livez")).status).toBe(200);
    await create(service);
    expect(Date.now() - since).toBeLessThan(5_000);
  }
  const [first] = idle.slice(-1);
  first?.write(request("GET /livez"));
  expect(await first?.answer()).toMatchObject({ status: 200 });
  for (const connection of idle) connection.end();
});
