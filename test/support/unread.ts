import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, parseAnswer } from "./answer.ts";
import { type Address, request } from "./http.ts";
import { bodyWith, create, textField } from "./items.ts";
import type { Service } from "./service.ts";
import { collectionOf } from "./service.ts";

/** Pages of a quarter of a megabyte and more, so that ten of them are more than the buffers of both sides take. */
const pageRows = 100;
const longText = JSON.stringify("\u{1f600}".repeat(2_000));

/**
 * Asks for full pages, all in one write and with `more` behind them, and reads none of them until the result is called:
 * then every answer that comes before the other side closes. It fails when the last is not whole.
 */
export async function unreadPages(service: Service, count: number, more = ""): Promise<() => Promise<Answer[]>> {
  for (let row = 0; row < pageRows; row++) await create(service, bodyWith({ [textField().name]: longText }));
  const page = request(`GET ${await collectionOf(service)}?limit=${pageRows}`);
  return unread(service, Buffer.concat([...Array.from({ length: count }, () => page), Buffer.from(more)]));
}

async function unread({ host, port }: Address, requests: Buffer): Promise<() => Promise<Answer[]>> {
  const socket = connect({ host, port, noDelay: true }).pause();
  // A connection that is cut before anybody reads it is what some tests wait for; the reader below still hears of it.
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(requests);
  return async () => {
    const chunks: Buffer[] = [];
    // Slowly: with a reset goes what the other side had made but could not send yet.
    for await (const chunk of socket) {
      chunks.push(chunk);
      await sleep(2);
    }
    return [...wholeAnswers(Buffer.concat(chunks))];
  };
}

function* wholeAnswers(bytes: Buffer): Iterable<Answer> {
  for (let rest = bytes; rest.length > 0; ) {
    const answer = parseAnswer(rest, "GET", true);
    if (answer === undefined) throw new Error(`An answer was cut: it ends after ${rest.length} bytes.`);
    yield answer;
    rest = rest.subarray(answer.length);
  }
}
