import { once } from "node:events";
import { Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Config } from "./config.ts";
import { Problem } from "./problem.ts";
import { logRequest } from "./telemetry.ts";

/**
 * Which answers each connection waits for. Node can close connections that it calls idle, but not those that never
 * sent a request or are still sending its header, and it does not say how many requests it cut.
 */
export interface Connections {
  readonly draining: boolean;
  /** From now on every answer closes its connection. */
  drain(): void;
  /** Notes that the connection waits for this answer, until it is sent or the connection is gone, and logs it then. */
  enter(reply: FastifyReply): void;
  /** The answer to the newest request on the connection, when that is still waited for. */
  newest(socket: Socket): FastifyReply | undefined;
  /** Closes the connections that wait for no answer. */
  closeIdle(): void;
  /** Closes all, and tells how many requests that cut. */
  cut(): number;
}

/** How often requests are looked through for late ones. */
export const checkIntervalMs = 250;

export function followConnections(app: FastifyInstance, config: Config): Connections {
  const waiting = new Map<Socket, Set<FastifyReply>>();
  let draining = false;

  app.server.on("connection", (socket) => {
    waiting.set(socket, new Set());
    socket.once("close", () => waiting.delete(socket));
  });

  // One timer for all: Fastify's `handlerTimeout` makes a timer and an AbortController for each request.
  const timer = setInterval(() => {
    for (const replies of waiting.values()) for (const reply of replies) refuseLate(reply, config.requestTimeoutMs);
  }, checkIntervalMs).unref();
  app.addHook("onClose", () => clearInterval(timer));

  return {
    get draining() {
      return draining;
    },
    drain() {
      draining = true;
      for (const replies of waiting.values()) for (const reply of replies) closeAfter(reply);
    },
    enter(reply) {
      const { socket } = reply.request.raw;
      const replies = waiting.get(socket);
      replies?.add(reply);
      if (draining) closeAfter(reply);
      reply.raw.once("close", () => {
        logRequest(reply);
        replies?.delete(reply);
        if (draining && replies?.size === 0) socket.destroySoon();
      });
    },
    newest: (socket) => [...(waiting.get(socket) ?? [])].at(-1),
    closeIdle() {
      for (const [socket, replies] of waiting) if (replies.size === 0) socket.destroy();
    },
    cut() {
      let requests = 0;
      for (const [socket, replies] of waiting) {
        requests += replies.size;
        socket.destroy();
      }
      return requests;
    },
  };
}

/** Stops taking requests, waits for those in flight, and tells how many did not end in time. */
export async function drain(app: FastifyInstance, config: Config): Promise<number> {
  let cut = 0;
  const timeout = sleep(config.shutdownTimeoutMs, undefined, { ref: false }).then(() => {
    cut = app.connections.cut();
  });
  app.connections.drain();
  await Promise.race([sleep(config.shutdownDelayMs), timeout]);

  const closed = once(app.server, "close");
  // An HTTP server would also close what it calls idle: connections whose answer is made but not yet written.
  Server.prototype.close.call(app.server);
  app.connections.closeIdle();
  await closed;
  await app.close();
  return cut;
}

/** The connection stays open until its answers are written, and no longer. */
export function closeAfter(reply: FastifyReply): void {
  reply.raw.shouldKeepAlive = false;
}

/** An answer has as long to be read as it had to be made. */
function refuseLate(reply: FastifyReply, timeoutMs: number): void {
  if (reply.elapsedTime > 2 * timeoutMs) reply.request.raw.socket.destroy();
  if (reply.elapsedTime < timeoutMs || reply.sent) return;
  const isWhole = reply.request.raw.complete;
  reply.send(isWhole ? new Problem(503, "The answer took too long.") : new Problem(408, "The body took too long."));
}
