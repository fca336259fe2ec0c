import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";
import { type Fault, Problem } from "./problem.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** The methods of each path template, such as `/v1/orders/{id}`. */
    readonly routes: Map<string, readonly string[]>;
  }
}

/**
 * Fastify answers 404 where a path exists under other methods. Its declared routes are kept here, so that such a
 * request gets the 405 and the `Allow` that HTTP asks for, and so that logs can name a template.
 */
export function followRoutes(app: FastifyInstance): void {
  app.decorate("routes", new Map());

  app.addHook("onRoute", ({ url, method }) => {
    const template = templateOf(url);
    const methods = [...(app.routes.get(template) ?? []), ...[method].flat()];
    app.routes.set(template, methods.sort());
  });

  app.addHook("onRequest", (request, reply, done) => {
    if (request.is404) refuse(request, reply);
    done();
  });
}

/** The template that a request's path matches, whatever its method; empty when there is none. */
export function routeOf(request: FastifyRequest): string {
  const { url } = request.routeOptions;
  if (url !== undefined) return templateOf(url);
  const path = request.url.split("?", 1)[0] ?? "";
  return request.server.routes.keys().find((template) => matches(template, path)) ?? "";
}

function refuse(request: FastifyRequest, reply: FastifyReply): never {
  const methods = request.server.routes.get(routeOf(request))?.join(", ");
  if (methods === undefined) throw new Problem(404, "There is no such route.");
  reply.header("allow", methods);
  throw new Problem(405, `The methods here are ${methods}.`);
}

const templates = new Map<string, string>();

/** `/v1/orders/:id` as the document has it. */
function templateOf(url: string): string {
  const known = templates.get(url);
  if (known !== undefined) return known;
  const template = url.replaceAll(/:(\w+)/g, "{$1}");
  templates.set(url, template);
  return template;
}

function matches(template: string, path: string): boolean {
  const names = path.split("/");
  const parts = template.split("/");
  return (
    parts.length === names.length &&
    parts.every((part, index) => (part.startsWith("{") ? names[index] !== "" : part === names[index]))
  );
}

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
      if (isCrowded(value)) done(new Problem(422, "The body is not valid.", { errors: [crowded] }), undefined);
      else done(null, value);
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

/** Valid UTF-8 holds no lone surrogate, so only an escape can bring one in. A reviver would take seconds to look. */
const escapedSurrogate = /\\u[dD][89a-fA-F]/;
const escapedPairs = /\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]../g;

/** A record is without a prototype, so that a missing member is never found in `Object.prototype`, such as `constructor`. */
export function decode(bytes: Uint8Array): unknown {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  if (escapedSurrogate.test(text.replaceAll(escapedPairs, ""))) throw new SyntaxError("lone surrogate");
  return isRecord(value) ? Object.setPrototypeOf(value, null) : value;
}

/** More than any schema of ours has. A mebibyte holds 100,000, and Ajv would take a second to name each that is unknown. */
const mostMembers = 1_000;

const crowded: Fault = { pointer: "", detail: "has too many members" };

function isCrowded(value: unknown): boolean {
  const isLarge = (part: unknown) => isRecord(part) && Object.keys(part).length > mostMembers;
  return isLarge(value) || (isRecord(value) && Object.values(value).some(isLarge));
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

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
