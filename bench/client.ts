import { connect } from "node:net";
import type { Load, Outcome } from "./load.ts";

/**
 * The load generator, a process of its own so that the log of the service is read while it works.
 * Keep-alive connections over bare sockets: node:http takes more CPU for a request than the services do, and would
 * leave them waiting.
 */
const connections = 16;

process.on("message", (load: Load) => {
  bear(load).then(
    () => process.send?.({} satisfies Outcome),
    (error: Error) => process.send?.({ fault: error.message } satisfies Outcome),
  );
});

async function bear({ port, requests, count }: Load): Promise<void> {
  let sent = 0;
  const next = () => (sent < count ? requests[sent++ % requests.length] : undefined);
  await Promise.all(Array.from({ length: connections }, () => converse(port, next)));
}

/** Sends one request after another on one connection. */
function converse(port: number, next: () => string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let received: Buffer = Buffer.alloc(0);
    const ask = () => {
      const request = next();
      if (request !== undefined) {
        socket.write(request);
      } else {
        resolve();
        socket.destroy();
      }
    };
    socket.on("connect", ask);
    socket.on("data", (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const whole = isWhole(received);
      if (whole === undefined) socket.destroy(new Error(`Refused: ${received.toString("latin1")}`));
      if (!whole) return;
      received = Buffer.alloc(0);
      ask();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("The service closed a connection.")));
  });
}

/** Whether an answer has arrived to its end, or undefined when it is a refusal. */
function isWhole(bytes: Buffer): boolean | undefined {
  const blank = bytes.indexOf("\r\n\r\n");
  if (blank < 0) return false;
  const head = bytes.toString("latin1", 0, blank);
  if (!head.startsWith("HTTP/1.1 2")) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) return bytes.subarray(-7).equals(lastChunk);
  return bytes.length === blank + 4 + Number(length);
}

const lastChunk = Buffer.from("\r\n0\r\n\r\n");
