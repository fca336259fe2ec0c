import type { FastifyInstance, FastifyReply } from "fastify";
import type { Database } from "../database.ts";
import { Problem } from "../problem.ts";
import { cursorOf, idOf, isUnmodified, patched, requireMatch } from "../record.ts";
import { ignoreTypeOfNothing, requireMediaType } from "../requests.ts";
import { idParams, pageQuery, pageSchema, type SchemaTypes } from "../schema.ts";
import { type Input, input, representation } from "./fields.ts";
import { openStore, type Stored } from "./store.ts";

const collection = "/v1/invoices";
const member = "/v1/invoices/:id";

export function invoiceRoutes(root: FastifyInstance, database: Database): void {
  const app = root.withTypeProvider<SchemaTypes>();
  const store = openStore(database);

  const find = async ({ params, deadline }: { params: { id: string }; deadline: number }) => {
    const found = await store.find(params.id.toLowerCase(), deadline);
    if (!found) throw new Problem(404, "There is no such invoice.");
    return found;
  };

  const list = { querystring: pageQuery, response: { 200: pageSchema(representation) } };
  app.get(collection, { schema: list }, async (request, reply) => {
    const limit = Number(request.query.limit ?? 20);
    const found = await store.list(idOf(request.query.cursor), limit + 1, request.deadline);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = last && found.length > limit ? cursorOf(last.id) : null;
    if (next) reply.header("link", `<${collection}?limit=${limit}&cursor=${next}>; rel="next"`);
    return { data: page.map(represent), next_cursor: next };
  });

  const create = { body: input, response: { 201: representation } };
  const createType = requireMediaType("application/json");
  app.post<{ Body: Input }>(collection, { schema: create, onRequest: createType }, async (request, reply) => {
    const created = await store.insert(request.body, request.deadline);
    reply.code(201).header("location", `${collection}/${created.id}`);
    return answer(reply, created);
  });

  const read = { params: idParams, response: { 200: representation, 304: { type: "null" } } } as const;
  app.get(member, { schema: read }, async (request, reply) => {
    const current = await find(request);
    if (!isUnmodified(request.headers["if-none-match"], etagOf(current))) return answer(reply, current);
    return reply.code(304).header("etag", etagOf(current)).send();
  });

  const update = { params: idParams, response: { 200: representation } };
  const patchTypes = requireMediaType("application/merge-patch+json", "application/json");
  app.patch(member, { schema: update, onRequest: patchTypes }, async (request, reply) => {
    for (;;) {
      const current = await find(request);
      requireMatch(request.headers["if-match"], etagOf(current));
      const changed = await store.replace(current, patched(request, current.fields, input), request.deadline);
      // Another writer came in between, and its change decides what this one meets.
      if (changed) return answer(reply, changed);
    }
  });

  const remove = { params: idParams };
  app.delete(member, { schema: remove, onRequest: ignoreTypeOfNothing }, async (request, reply) => {
    for (;;) {
      const current = await find(request);
      requireMatch(request.headers["if-match"] ?? "*", etagOf(current));
      if (await store.remove(current, request.deadline)) return reply.code(204).send();
    }
  });
}

const etagOf = ({ version }: Stored) => `"${version}"`;

function answer(reply: FastifyReply, current: Stored) {
  reply.header("etag", etagOf(current));
  return represent(current);
}

const represent = ({ id, fields, createdAt, updatedAt }: Stored) => ({
  id,
  ...fields,
  created_at: createdAt,
  updated_at: updatedAt,
});
