import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import { type DestinationStream, type LoggerOptions, pino, stdTimeFunctions } from "pino";
import { routeOf } from "./routing.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export const isLogLevel = (value: string): value is LogLevel => (logLevels as readonly string[]).includes(value);

/** Written at once: a crash loses no line, and a thread of its own would cost more than the write. */
const stdout = pino.destination({ fd: 1, sync: true });

/** One JSON object a line, on stdout unless told otherwise. */
export function createLogger(level: LogLevel, destination: DestinationStream = stdout): FastifyBaseLogger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, destination);
}

/** A caller's own id is kept when it is safe to log and to echo. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
}

const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** W3C Trace Context: version ff is none, version 00 has no more parts, and an id of zeros is none. */
export function traceId({ headers }: IncomingMessage): string | undefined {
  const [, version, trace, parent, more] = traceparent.exec(String(headers.traceparent)) ?? [];
  if (trace === undefined || version === "ff" || (version === "00" && more !== undefined)) return;
  return /[^0]/.test(trace) && /[^0]/.test(parent ?? "") ? trace : undefined;
}

/** Every line that a request logs carries its id and its trace. */
export function childLogger(
  logger: FastifyBaseLogger,
  bindings: object,
  options: object,
  message: IncomingMessage,
): FastifyBaseLogger {
  const trace = traceId(message);
  return logger.child(trace === undefined ? bindings : { ...bindings, trace_id: trace }, options);
}

/** One line a request. The route is its template: a path may hold what must not be logged. */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const line = {
    method: request.method,
    route: routeOf(request),
    status: reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
  };
  request.log.info(line, "request");
}
