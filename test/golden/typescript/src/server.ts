import { randomUUID } from "node:crypto";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from "fastify";
import { formats } from "./body.ts";
import type { Config } from "./config.ts";
import { type Connections, checkIntervalMs, closeAfter, followConnections } from "./connections.ts";
import { Problem, problemText, problemType, sendProblem } from "./problem.ts";
import { childLogger, requestId } from "./telemetry.ts";

declare module "fastify" {
  interface FastifyInstance {
    readonly connections: Connections;
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
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = unreadable[error.code ?? ""] ?? malformed;
  const reply = connections.newest(socket);
  if (reply) {
    // Either its body is at fault, or what follows it.
    closeAfter(reply);
    if (!reply.request.raw.complete && !reply.sent) reply.send(problem);
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
  log.info({ request_id: id, route: "", status: problem.status }, "request");
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}
