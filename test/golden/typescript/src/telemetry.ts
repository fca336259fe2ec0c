import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { FastifyBaseLogger, FastifyReply } from "fastify";
import { type DestinationStream, type LoggerOptions, pino, stdTimeFunctions } from "pino";
import { routeOf } from "./requests.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export const isLogLevel = (value: string): value is LogLevel => (logLevels as readonly string[]).includes(value);

let unwritten = "";

/** The lines of one turn of the event loop are written together, at its end: most of what a line costs is the write. */
const stdout: DestinationStream = {
  write(line) {
    if (unwritten === "") setImmediate(flush);
    unwritten += line;
  },
};
process.on("exit", flush);

/** Synchronous, so that the process can end at any time, and so that a slow reader slows the service, not its memory. */
function flush(): void {
  let bytes = Buffer.from(unwritten);
  unwritten = "";
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      // Nobody reads any more, which is no reason to stop serving.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

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

/** As nginx has it: the client went before there was an answer. */
const clientGone = 499;

/** One line a request. The route is its template: a path may hold what must not be logged. */
export function logRequest(reply: FastifyReply): void {
  const { request } = reply;
  const line = {
    method: request.method,
    route: routeOf(request),
    status: reply.raw.headersSent ? reply.statusCode : clientGone,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
  };
  request.log.info(line, "request");
}
