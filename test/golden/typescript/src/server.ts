import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { formats } from "./body.ts";
import type { Config } from "./config.ts";
import { type Connections, checkIntervalMs, followConnections } from "./connections.ts";
import { Problem, problemText, problemType, sendProblem } from "./problem.ts";
import { childLogger, logRequest, requestId } from "./telemetry.ts";

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
    keepAliveTimeout: 60_000,
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
      reply.raw.once("finish", () => logRequest(request, reply));
      sign(request, reply);
      sendProblem(error, request, reply);
    },
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, app),
  });
  app.decorate("connections", followConnections(app, config));
  // Only 100-continue is an expectation that HTTP defines; another one is ignored, where Node would answer 417.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.addHook("onRequest", (request, reply, done) => {
    sign(request, reply);
    app.connections.enter(reply);
    const hostless = request.headers.host === undefined && request.raw.httpVersion === "1.1";
    done(hostless ? new Problem(400, "The Host header is missing.") : undefined);
  });
  app.addHook("onResponse", (request, reply, done) => {
    logRequest(request, reply);
    done();
  });
  return app;
}

function sign(request: FastifyRequest, reply: FastifyReply): void {
  reply.header("x-request-id", request.id).header("x-content-type-options", "nosniff");
  if (request.server.connections.draining) reply.header("connection", "close");
}

const unreadable: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, "The header is too large."),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, "The request did not arrive in time."),
};
const malformed = new Problem(400, "The request is not HTTP.");

/** What the parser refuses reaches no handler, so the answer is written to the socket by hand. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket, { connections, log }: FastifyInstance): void {
  const reply = connections.pending(socket);
  if (error.code === "ECONNRESET" || !socket.writable || reply?.sent) {
    socket.destroy();
    return;
  }
  const problem = unreadable[error.code ?? ""] ?? malformed;
  const id = reply?.request.id ?? randomUUID();
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
