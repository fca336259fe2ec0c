/** What Fastify and `pg` cost by themselves: the routes that are measured, and nothing else. */
import { randomUUIDv7 } from "node:crypto";
import Fastify from "fastify";
import { Pool } from "pg";

interface Fields {
  readonly name: string;
  readonly quantity: number;
}

const pageSize = 20;

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`
  CREATE TABLE "items" (
    "id" uuid PRIMARY KEY,
    "name" text NOT NULL,
    "quantity" integer NOT NULL,
    "created_at" timestamptz(3) NOT NULL,
    "updated_at" timestamptz(3) NOT NULL
  )
`);
const insert = { name: "insert", text: 'INSERT INTO "items" VALUES ($1, $2, $3, $4, $5)' };
const get = { name: "get", text: 'SELECT * FROM "items" WHERE "id" = $1' };
const list = { name: "list", text: 'SELECT * FROM "items" WHERE "id" > $1 ORDER BY "id" LIMIT $2' };
const first = "00000000-0000-0000-0000-000000000000";

const body = {
  type: "object",
  required: ["name", "quantity"],
  properties: { name: { type: "string" }, quantity: { type: "integer" } },
} as const;

const app = Fastify();

app.post<{ Body: Fields }>("/v1/items", { schema: { body } }, async ({ body: { name, quantity } }, reply) => {
  const id = randomUUIDv7();
  const now = new Date().toISOString();
  await pool.query({ ...insert, values: [id, name, quantity, now, now] });
  reply.code(201);
  return { id, name, quantity, created_at: now, updated_at: now };
});

app.get<{ Params: { id: string } }>("/v1/items/:id", async ({ params }, reply) => {
  const { rows } = await pool.query({ ...get, values: [params.id] });
  return rows[0] ?? reply.code(404).send();
});

app.get<{ Querystring: { cursor?: string } }>("/v1/items", async ({ query }) => {
  const { rows } = await pool.query({ ...list, values: [query.cursor ?? first, pageSize + 1] });
  const data = rows.slice(0, pageSize);
  return { data, next_cursor: rows.length > pageSize ? data.at(-1)?.id : null };
});

await app.listen({ host: "127.0.0.1", port: 0 });
const [address] = app.addresses();
process.stdout.write(`${JSON.stringify({ msg: "listening", addr: `127.0.0.1:${address?.port}` })}\n`);
