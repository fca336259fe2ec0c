import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import { Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from "fastify";
import type { Config } from "./config.ts";
import { invalid, Problem, problemText, problemType, sendProblem, tooLate } from "./problem.ts";
import { formats } from "./requests.ts";
import { childLogger, logRequest, requestId } from "./telemetry.ts";

declare module "fastify" {
  interface FastifyInstance {
    readonly connections: Connections;
  }
  interface FastifyRequest {
    /** On the clock of `performance.now()`: after it the client is told 503, and no query starts. */
    deadline: number;
  }
}

/** The limits that Node and Fastify leave open, and the refusals that they would make without a problem. */
export function createServer(config: Config, logger: FastifyBaseLogger): FastifyInstance {
  const app: FastifyInstance = Fastify({
    bodyLimit: config.maxBodyBytes,
    requestTimeout: config.requestTimeoutMs,
    // Longer than the minute of common load balancers, which must be the ones to close.
    keepAliveTimeout: 75_000,
    // What arrives while the service drains is served, on a connection that closes after it.
    return503OnClosing: false,
    http: {
      headersTimeout: config.headerTimeoutMs,
      // Node looks for slow requests every 30 seconds, which would be the real timeout.
      connectionsCheckingInterval: checkIntervalMs,
      requireHostHeader: false,
    },
    // No id is that long, but one that is must be a 400, and not a route that is missing.
    routerOptions: { maxParamLength: 16_384 },
    // A number in a string is a string, and a member too many is a fault.
    ajv: {
      customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false, useDefaults: false },
      onCreate: (ajv) => {
        for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
      },
    },
    schemaErrorFormatter: invalid,
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request_id" }),
    childLoggerFactory: childLogger,
    genReqId: requestId,
    // A proxy may ask for `http://host/path`, which is the same as `/path`.
    rewriteUrl: ({ url = "/" }) => (url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?#]+/i, "") || "/"),
    // Such a request reaches no hook.
    frameworkErrors: (error, request, reply) => {
      enter(reply);
      sendProblem(error, request, reply);
    },
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, app),
  });
  app.decorate("connections", followConnections(app, config));
  app.decorateRequest("deadline", 0);
  // Only 100-continue is an expectation that HTTP defines; another one is ignored, where Node would answer 417.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.addHook("onRequest", (request, reply, done) => {
    enter(reply);
    done(hasHost(request.raw) ? undefined : new Problem(400, "There must be one Host header."));
  });
  return app;
}

function enter(reply: FastifyReply): void {
  reply.header("x-request-id", reply.request.id).header("x-content-type-options", "nosniff");
  reply.server.connections.enter(reply);
}

/** HTTP/1.1 asks for exactly one, and Node keeps the first of several. */
function hasHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  return hosts === 1 || (hosts === 0 && httpVersion !== "1.1");
}

const unreadable: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, "The header is too large."),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, "The request did not arrive in time."),
};
const malformed = new Problem(400, "The request is not HTTP.");

/** What the parser refuses before there is a request reaches no handler: the answer is written to the socket by hand. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket, { connections, log }: FastifyInstance): void {
  // Nobody waits for an answer where nothing was asked, or where it was given before the rest of the body.
  const isUnasked = socket.bytesRead === 0 || connections.isAnswered(socket);
  if (error.code === "ECONNRESET" || !socket.writable || isUnasked) {
    socket.destroy();
    return;
  }
  const problem = unreadable[error.code ?? ""] ?? malformed;
  const reply = connections.newest(socket);
  if (reply) {
    // Either its body is at fault, or what follows it, when it may be too late for its head to say so.
    closeAfter(reply);
    reply.raw.once("close", () => socket.destroySoon());
    if (!reply.request.raw.complete && !reply.sent) answerInstead(reply, problem);
    return;
  }
  const id = randomUUID();
  const body = problemText(problem, id);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "X-Content-Type-Options: nosniff",
    `X-Request-Id: ${id}`,
  ];
  log.info({ request_id: id, method: "", route: "", status: problem.status, duration_ms: 0 }, "request");
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}

/**
 * Which answers each connection waits for. Node can close connections that it calls idle, but not those that never
 * sent a request or are still sending its header, and it does not say how many requests it cut.
 */
interface Connections {
  readonly draining: boolean;
  /** From now on a connection closes after the answer to its newest request. */
  drain(): void;
  /** Notes that the connection waits for this answer, until it is sent or the connection is gone, and logs it then. */
  enter(reply: FastifyReply): void;
  /** The answer to the newest request on the connection, when that is still waited for. */
  newest(socket: Socket): FastifyReply | undefined;
  /** Whether the newest request on the connection has its answer, but its body has not arrived yet. */
  isAnswered(socket: Socket): boolean;
  /** Closes the connections that wait for no answer. */
  closeIdle(): void;
  /** Closes all, and tells how many requests that cut, once they are logged. */
  cut(): Promise<number>;
}

/** How often requests are looked through for late ones. */
const checkIntervalMs = 250;

function followConnections(app: FastifyInstance, config: Config): Connections {
  const waiting = new Map<Socket, Set<FastifyReply>>();
  const answeredEarly = new WeakMap<Socket, IncomingMessage>();
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
      for (const replies of waiting.values()) closeAfterNewest(replies);
    },
    enter(reply) {
      reply.request.deadline = performance.now() + config.requestTimeoutMs;
      const { raw } = reply.request;
      const { socket } = raw;
      const replies = waiting.get(socket) ?? new Set();
      replies.add(reply);
      if (draining) closeAfterNewest(replies);
      reply.raw.once("close", () => {
        logRequest(reply);
        replies.delete(reply);
        if (!raw.complete) answeredEarly.set(socket, raw);
        if (draining && replies.size === 0) socket.destroySoon();
      });
    },
    newest: (socket) => [...(waiting.get(socket) ?? [])].at(-1),
    isAnswered: (socket) => answeredEarly.get(socket)?.complete === false,
    closeIdle() {
      for (const [socket, replies] of waiting) if (replies.size === 0) socket.destroy();
    },
    async cut() {
      const requests = [...waiting.values()].reduce((sum, replies) => sum + replies.size, 0);
      // The server is closed a moment before the connections are.
      await Promise.all([...waiting.keys()].map((socket) => once(socket.destroy(), "close")));
      return requests;
    },
  };
}

/** Stops taking requests, waits for those in flight, and tells how many did not end in time. */
export async function drain(app: FastifyInstance, config: Config): Promise<number> {
  let cut: number | Promise<number> = 0;
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
function closeAfter(reply: FastifyReply): void {
  reply.raw.shouldKeepAlive = false;
}

/** Closed after an earlier answer, the connection would never bring the others, which are made all the same. */
function closeAfterNewest(replies: ReadonlySet<FastifyReply>): void {
  const newest = [...replies].at(-1);
  for (const reply of replies) reply.raw.shouldKeepAlive = reply !== newest;
}

/** An answer has as long to be read as it had to be made. */
function refuseLate(reply: FastifyReply, timeoutMs: number): void {
  const { deadline, raw } = reply.request;
  const lateMs = performance.now() - deadline;
  if (reply.sent) {
    if (lateMs > timeoutMs) raw.socket.destroy();
  } else if (lateMs > 0) {
    answerInstead(reply, raw.complete ? tooLate() : new Problem(408, "The body took too long."));
  }
}

/** Answers in the place of a handler. Fastify would log what that does after all, with the query or as a fault of ours. */
function answerInstead(reply: FastifyReply, problem: Problem): void {
  reply.send(problem);
  reply.hijack();
  reply.log = reply.log.child({}, { level: "silent" });
}
