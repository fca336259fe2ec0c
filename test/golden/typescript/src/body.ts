import type { FastifyInstance, onRequestHookHandler } from "fastify";
import { Problem } from "./problem.ts";

/** Decodes what Fastify's own parser lets pass: bytes that are not UTF-8, a byte order mark, half a surrogate pair. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ["application/json", "application/merge-patch+json"],
    { parseAs: "buffer" },
    (_request, body: Buffer, done) => {
      let value: unknown;
      try {
        value = decode(body);
      } catch {
        done(new Problem(400, "The body is not JSON in UTF-8."), undefined);
        return;
      }
      done(null, value);
    },
  );
}

/** Refuses another media type before a byte of the body is read; also where there is neither a body nor a type. */
export function requireMediaType(...types: readonly string[]): onRequestHookHandler {
  return (request, _reply, done) => {
    const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
    const [given = ""] = type.split(";", 1);
    if (!types.includes(given.trim().toLowerCase())) done(new Problem(415, `The body must be ${types.join(" or ")}.`));
    else if (encoding.toLowerCase() !== "identity") done(new Problem(415, "The body must not be encoded."));
    else done();
  };
}

/** Some clients name a type out of habit where they send no body. */
export const ignoreTypeOfNothing: onRequestHookHandler = ({ headers, raw }, _reply, done) => {
  const length = headers["content-length"] ?? "0";
  if (length === "0" && headers["transfer-encoding"] === undefined) delete raw.headers["content-type"];
  done();
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Valid UTF-8 holds no lone surrogate, so only an escape can bring one in; few bodies pay for the walk. */
const escapedSurrogate = /\\u[dD][89a-fA-F]/;

export function decode(bytes: Uint8Array): unknown {
  const text = utf8.decode(bytes);
  const value: unknown = escapedSurrogate.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
  return isRecord(value) ? bare(value) : value;
}

function wellFormed(name: string, value: unknown): unknown {
  if (!name.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) {
    throw new SyntaxError("lone surrogate");
  }
  return value;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Without a prototype, so that a missing member is never found in `Object.prototype`, such as `constructor`. */
export const bare = (record: object): Record<string, unknown> => Object.assign(Object.create(null), record);

/**
 * What the formats of the document mean here. The usual checks let pass what does not survive a round trip:
 * the year 0, leap seconds, more than milliseconds, `urn:uuid:`.
 */
export const formats = { date: isDate, "date-time": isTimestamp, uuid: isUuid };

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const timestampPattern = /^(.{10})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function isUuid(value: string): boolean {
  return uuidPattern.test(value);
}

/** `Date` rolls the 30th of February over, so the day is compared. */
function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || value.startsWith("0000")) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(value.slice(8));
}

/** The year must have four digits in UTC too. */
function isTimestamp(value: string): boolean {
  const [, date] = timestampPattern.exec(value) ?? [];
  if (date === undefined || !isDate(date)) return false;
  const year = new Date(value).getUTCFullYear();
  return year >= 1 && year <= 9999;
}
