import type { FastifyRequest } from "fastify";
import { bare, isRecord } from "./body.ts";
import { invalidBody, Problem } from "./problem.ts";

/** Applies the body to the whole of what it changes, and validates the whole: a part alone cannot tell what is missing. */
export function patched<Input>(request: FastifyRequest, current: object, schema: object): Input {
  const validate = request.compileValidationSchema(schema);
  const result = mergePatch(current, request.body);
  if (validate(result) !== true) throw invalidBody(validate.errors ?? []);
  return result as Input;
}

/**
 * RFC 7396, but for one rule: a null for a member that is not there stays in the result, where validation finds it.
 * So the patch cannot name unknown members, and the walk is no deeper than what it changes.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(target) || !isRecord(patch)) return patch;
  const merged = bare(target);
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
