import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Config } from "./config.ts";
import { Problem } from "./problem.ts";

/**
 * Which answers each connection waits for. Node can close connections that it calls idle, but not those that never
 * sent a request or are still sending its header, and it does not say how many requests it cut.
 */
export interface Connections {
  readonly draining: boolean;
  /** From now on every answer closes its connection. */
  drain(): void;
  /** Notes that the connection waits for this answer, until it is sent or the connection is gone. */
  enter(reply: FastifyReply): void;
  /** The answer that the connection waits for. */
  pending(socket: Socket): FastifyReply | undefined;
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
    for (const replies of waiting.values()) {
      for (const reply of replies) if (reply.elapsedTime > config.requestTimeoutMs) refuseLate(reply);
    }
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
      const replies = waiting.get(reply.request.raw.socket);
      replies?.add(reply);
      reply.raw.once("close", () => replies?.delete(reply));
    },
    pending: (socket) => waiting.get(socket)?.values().next().value,
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
  app.server.close();
  app.connections.closeIdle();
  await closed;
  await app.close();
  return cut;
}

function refuseLate(reply: FastifyReply): void {
  if (reply.sent) return;
  const isWhole = reply.request.raw.complete;
  reply.send(isWhole ? new Problem(503, "The answer took too long.") : new Problem(408, "The body took too long."));
}

function closeAfter(reply: FastifyReply): void {
  if (!reply.raw.headersSent) reply.header("connection", "close");
}
