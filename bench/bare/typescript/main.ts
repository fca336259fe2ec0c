/** What Fastify and `node:sqlite` cost by themselves: the routes that are measured, and nothing else. */
import { randomUUIDv7 } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import Fastify from "fastify";

interface Fields {
  readonly name: string;
  readonly quantity: number;
}

const pageSize = 20;

const database = new DatabaseSync((process.env.DATABASE_URL ?? "").slice("sqlite://".length));
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE "items" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL
  ) STRICT;
`);
const insert = database.prepare('INSERT INTO "items" VALUES (?, ?, ?, ?, ?)');
const get = database.prepare('SELECT * FROM "items" WHERE "id" = ?');
const list = database.prepare('SELECT * FROM "items" WHERE "id" > ? ORDER BY "id" LIMIT ?');

const body = {
  type: "object",
  required: ["name", "quantity"],
  properties: { name: { type: "string" }, quantity: { type: "integer" } },
} as const;

const app = Fastify();

app.post<{ Body: Fields }>("/v1/items", { schema: { body } }, async ({ body: { name, quantity } }, reply) => {
  const id = randomUUIDv7();
  const now = new Date().toISOString();
  insert.run(id, name, quantity, now, now);
  reply.code(201);
  return { id, name, quantity, created_at: now, updated_at: now };
});

app.get<{ Params: { id: string } }>("/v1/items/:id", async ({ params }, reply) => {
  return get.get(params.id) ?? reply.code(404).send();
});

app.get<{ Querystring: { cursor?: string } }>("/v1/items", async ({ query }) => {
  const rows = list.all(query.cursor ?? "", pageSize + 1);
  const data = rows.slice(0, pageSize);
  return { data, next_cursor: rows.length > pageSize ? data.at(-1)?.id : null };
});

await app.listen({ host: "127.0.0.1", port: 0 });
const [address] = app.addresses();
process.stdout.write(`${JSON.stringify({ msg: "listening", addr: `127.0.0.1:${address?.port}` })}\n`);
