import { randomUUID } from "node:crypto";

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
