import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { FastifyBaseLogger, FastifyReply } from "fastify";
import { type DestinationStream, type LoggerOptions, pino, stdSerializers, stdTimeFunctions } from "pino";
import { routeOf } from "./requests.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export const isLogLevel = (value: string): value is LogLevel => (logLevels as readonly string[]).includes(value);

/** About as many bytes wait for a reader that stalls. */
const mostUnwritten = 1_048_576;

/** How long the end of the process waits for such a reader. */
const lastWaitMs = 500;

/** How long lines wait to be written together, and what is left of them for a reader that stalls. */
const pauseMs = 5;

let lines = "";
let unwritten: Buffer = Buffer.alloc(0);
let dropped = 0;

/** The lines of a few milliseconds are written together: most of what a line costs is the write. */
const stdout: DestinationStream = {
  write(line) {
    if (unwritten.length + lines.length > mostUnwritten) {
      dropped += 1;
      return;
    }
    if (lines === "" && unwritten.length === 0) flushSoon();
    lines += line;
  },
};

/** Not for the timer's sake does the process stay: at its exit it writes what is left. */
function flushSoon(): void {
  setTimeout(flush, pauseMs).unref();
}

function flush(): void {
  if (!written()) flushSoon();
}

/** Writes what the reader takes, and leaves the rest for later: a reader that stalls must not stop the service. */
function written(): boolean {
  unwritten = Buffer.concat([unwritten, Buffer.from(lines)]);
  lines = "";
  try {
    // Node makes a pipe's descriptor non-blocking when it is asked for the stream.
    const { fd } = process.stdout;
    for (; unwritten.length > 0; unwritten = droppedLine()) {
      while (unwritten.length > 0) unwritten = unwritten.subarray(writeSync(fd, unwritten));
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return false;
    // Nobody reads any more, or the disk is full, which is no reason to stop serving.
    dropped += unwritten.toString("latin1").split("\n").length - 1;
    unwritten = Buffer.alloc(0);
  }
  return true;
}

function droppedLine(): Buffer {
  if (dropped === 0) return Buffer.alloc(0);
  const line = { level: "warn", time: new Date().toISOString(), dropped, msg: "log lines dropped" };
  dropped = 0;
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

process.on("exit", () => {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + lastWaitMs; !written() && Date.now() < until; ) Atomics.wait(pause, 0, 0, 5);
});

/** One JSON object a line, on stdout unless told otherwise. */
export function createLogger(level: LogLevel, destination: DestinationStream = stdout): FastifyBaseLogger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: tellError },
  };
  return pino(options, destination);
}

/** The rest of an error may hold what must not be logged, such as the values of a row. */
function tellError(error: Error & { code?: unknown }) {
  const { type, message, stack } = stdSerializers.err(error);
  const cause = error.cause as typeof error | undefined;
  return { type, message, code: error.code ?? cause?.code, stack };
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

/** As nginx has it: the connection ended before there was an answer. */
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
