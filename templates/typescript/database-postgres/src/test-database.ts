import { randomUUID } from "node:crypto";
import { connect } from "./database.ts";

const server = process.env.TEST_DATABASE_URL || "postgres://postgres:postgres@127.0.0.1:5432/postgres";

/** A schema of a test's own, until it is dropped. */
export async function createTestDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  await execute(`CREATE SCHEMA ${schema}`);
  const options = encodeURIComponent(`-c search_path=${schema}`);
  return {
    url: `${server}${server.includes("?") ? "&" : "?"}options=${options}`,
    drop: () => execute(`DROP SCHEMA ${schema} CASCADE`),
  };
}

async function execute(sql: string): Promise<void> {
  const { client } = await connect(server).catch((cause) => {
    throw new Error("No database: run `docker compose up -d --wait database` or set TEST_DATABASE_URL.", { cause });
  });
  await client.query(sql);
  await client.end();
}
