import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Config } from "./config.ts";

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

/**
 * Node can close connections that it calls idle, but not those that never sent a request or are still sending its
 * header, and it does not say how many requests it cut. So the answers that each connection waits for are kept here.
 */
export interface Connections {
  readonly draining: boolean;
  /** The answer that the connection waits for. */
  pending(socket: Socket): ServerResponse | undefined;
  /** From now on every answer closes its connection. */
  drain(): void;
  /** Closes the connections that wait for no answer. */
  closeIdle(): void;
  /** Closes all, and tells how many requests that cut. */
  cut(): number;
}

export function followConnections(server: Server): Connections {
  const pending = new Map<Socket, Set<ServerResponse>>();
  let draining = false;

  server.on("connection", (socket) => {
    pending.set(socket, new Set());
    socket.once("close", () => pending.delete(socket));
  });

  // Before Fastify's own listener, which may answer at once.
  server.prependListener("request", ({ socket }, response) => {
    if (draining) closeAfter(response);
    const responses = pending.get(socket);
    responses?.add(response);
    response.once("close", () => responses?.delete(response));
  });

  return {
    get draining() {
      return draining;
    },
    pending: (socket) => pending.get(socket)?.values().next().value,
    drain() {
      draining = true;
      for (const responses of pending.values()) responses.forEach(closeAfter);
    },
    closeIdle() {
      for (const [socket, responses] of pending) if (responses.size === 0) socket.destroy();
    },
    cut() {
      let requests = 0;
      for (const [socket, responses] of pending) {
        requests += responses.size;
        socket.destroy();
      }
      return requests;
    },
  };
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
