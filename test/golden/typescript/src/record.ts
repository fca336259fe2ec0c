import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { invalidBody, Problem } from "./problem.ts";
import { isRecord } from "./requests.ts";
import type { InputOf, Properties, Values } from "./schema.ts";

const mostInOneMillisecond = 0xfff;

let last = 0;
let count = 0;

/**
 * A UUIDv7 and the moment in it. Ids ascend within the process, so that a list by id is a list by age: within one
 * millisecond they are counted in the 12 bits after the version, and a clock that steps back is not followed.
 */
export function newId(now: number = Date.now()): { readonly id: string; readonly at: string } {
  if (now > last) {
    last = now;
    count = 0;
  } else if (count < mostInOneMillisecond) {
    count += 1;
  } else {
    last += 1;
    count = 0;
  }
  const time = last.toString(16).padStart(12, "0");
  const counter = count.toString(16).padStart(3, "0");
  // The last two groups of a random UUID have the variant in place, and 62 random bits.
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7${counter}${randomUUID().slice(18)}`;
  return { id, at: new Date(last).toISOString() };
}

/** Below every id. */
const none = "00000000-0000-0000-0000-000000000000";

/** The 16 bytes of an id in unpadded base64url. */
export const cursorOf = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");

export function idOf(cursor: string | undefined): string {
  if (cursor === undefined) return none;
  const hex = Buffer.from(cursor, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Applies the body to the whole of what it changes, and validates the whole: a part alone cannot tell what is missing. */
export function patched<P extends Properties>(
  request: FastifyRequest,
  current: object,
  schema: { readonly properties: P },
): InputOf<Values<P>> {
  const validate = request.compileValidationSchema(schema);
  const result = mergePatch(current, request.body);
  if (validate(result) !== true) throw invalidBody(validate.errors ?? []);
  return result as InputOf<Values<P>>;
}

/**
 * RFC 7396, but for one rule: a null for a member that is not there stays in the result, where validation finds it.
 * So the patch cannot name unknown members, and the walk is no deeper than what it changes.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(target) || !isRecord(patch)) return patch;
  // Without a prototype, so that a patch never meets what is not its own, such as `constructor`.
  const merged: Record<string, unknown> = Object.assign(Object.create(null), target);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null && name in merged) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

const tag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
const tagList = new RegExp(`^[\\s,]*${tag.source}(?:\\s*,[\\s,]*${tag.source})*[\\s,]*$`);

/** RFC 9110 compares strongly here: a weak tag never matches, and neither does what cannot be read. */
export function requireMatch(header: string | undefined, etag: string): void {
  if (header === undefined) throw new Problem(428, "If-Match is required.");
  if (header.trim() !== "*" && !tagsOf(header).includes(etag)) {
    throw new Problem(412, "The entity tag is not the current one.");
  }
}

/** Compares weakly; what cannot be read counts as not sent. */
export function isUnmodified(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || tagsOf(header).some((given) => given.replace(/^W\//, "") === etag);
}

function tagsOf(header: string): readonly string[] {
  return tagList.test(header) ? (header.match(tag) ?? []) : [];
}
