import { beforeAll, test } from "vitest";
import type { Options } from "../support/http.ts";
import { addressed, create, type Item, jsonOf } from "../support/items.ts";
import { expectProblem } from "../support/problem.ts";
import { type Service, start } from "../support/service.ts";

const LIMIT = 4_096;

let service: Service;
let item: Item;

beforeAll(async () => {
  service = await start({ MAX_BODY_BYTES: String(LIMIT) });
  item = await create(service);
});

function call(target: string, options?: Options) {
  return service.call(addressed(target, item), options);
}

const oversized = jsonOf({ padding: JSON.stringify("x".repeat(LIMIT)) });

const text = { "content-type": "text/plain" };
const stale = { "content-type": "application/json", "if-match": '"stale"' };
const invalid = '{"surely_unknown":1}';

test.each<[string, string, number, Options]>([
  ["404 route before 405", "DELETE /nowhere", 404, {}],
  ["404 route before 415", "POST /nowhere", 404, { headers: text, body: "x" }],
  ["404 route before 413", "POST /nowhere", 404, { body: oversized }],
  ["404 route before 400", "POST /nowhere", 404, { body: "{" }],
  ["405 before 415", "PUT :items", 405, { headers: text, body: "x" }],
  ["405 before 413", "PUT :items", 405, { body: oversized }],
  ["405 before 400 (syntax)", "PUT :items", 405, { body: "{" }],
  ["405 before 400 (query)", "PUT :items?limit=0", 405, {}],
  ["405 before 400 (id)", "PUT :items/nonsense", 405, { body: "{}" }],
  ["405 before 404 (id)", "PUT :items/:nobody", 405, { body: "{}" }],
  ["415 before 413", "POST :items", 415, { headers: text, body: oversized }],
  ["415 before 400 (syntax)", "POST :items", 415, { headers: text, body: "{" }],
  ["415 before 400 (id)", "PATCH :items/nonsense", 415, { headers: text, body: "{}" }],
  ["415 before 404 (id)", "PATCH :items/:nobody", 415, { headers: text, body: "{}" }],
  ["415 before 428", "PATCH :items/:id", 415, { headers: text, body: "{}" }],
  ["415 before 412", "PATCH :items/:id", 415, { headers: { ...stale, ...text }, body: "{}" }],
  ["415 before 422", "POST :items", 415, { headers: text, body: invalid }],
  ["413 before 400 (syntax)", "POST :items", 413, { body: "x".repeat(LIMIT + 1) }],
  ["413 before 400 (id)", "PATCH :items/nonsense", 413, { body: oversized }],
  ["413 before 404 (id)", "PATCH :items/:nobody", 413, { body: oversized }],
  ["413 before 428", "PATCH :items/:id", 413, { body: oversized }],
  ["413 before 412", "PATCH :items/:id", 413, { headers: stale, body: oversized }],
  ["413 before 422", "POST :items", 413, { body: oversized }],
  ["400 (syntax) before 404 (id)", "PATCH :items/:nobody", 400, { body: "{" }],
  ["400 (syntax) before 428", "PATCH :items/:id", 400, { body: "{" }],
  ["400 (syntax) before 412", "PATCH :items/:id", 400, { headers: stale, body: "{" }],
  ["400 (id) before 428", "PATCH :items/nonsense", 400, { body: "{}" }],
  ["400 (id) before 412", "PATCH :items/nonsense", 400, { headers: stale, body: "{}" }],
  ["400 (id) before 422", "PATCH :items/nonsense", 400, { body: invalid }],
  ["404 (id) before 428", "PATCH :items/:nobody", 404, { body: "{}" }],
  ["404 (id) before 412", "PATCH :items/:nobody", 404, { headers: stale, body: "{}" }],
  ["404 (id) before 412 in DELETE", "DELETE :items/:nobody", 404, { headers: { "if-match": '"stale"' } }],
  ["404 (id) before 422", "PATCH :items/:nobody", 404, { body: invalid }],
  ["428 before 422", "PATCH :items/:id", 428, { body: invalid }],
  ["412 before 422", "PATCH :items/:id", 412, { headers: stale, body: invalid }],
  ["412 before 422 at the root", "PATCH :items/:id", 412, { headers: stale, body: "[]" }],
])("E2 %s", async (_order, target, status, options) => {
  expectProblem(await call(target, options), status);
});
