import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTlsCluster, type TlsCluster } from "../support/cluster.ts";
import { postgresAt } from "../support/databases.ts";
import { create } from "../support/items.ts";
import { launch } from "../support/process.ts";
import { createDatabase, query } from "../support/psql.ts";
import { start } from "../support/service.ts";
import { subject } from "../support/subject.ts";

describe.runIf(subject.postgres !== undefined)("a database server with TLS for `localhost`", () => {
  let cluster: TlsCluster;
  let url: string;
  beforeAll(async () => {
    cluster = await newTlsCluster();
    url = createDatabase(cluster.url);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  /** The database by a host's name, and with parameters of libpq; the authority's file is where the text has `CA`. */
  const at = (host: string, parameters: string) =>
    postgresAt(`${url.replace("127.0.0.1", host)}?${parameters.replace("CA", cluster.authority)}`);

  test.each([
    ["localhost", "", true],
    ["localhost", "sslmode=disable", false],
    ["localhost", "sslmode=prefer", true],
    ["localhost", "sslmode=require", true],
    ["127.0.0.1", "sslmode=require&sslrootcert=CA", true],
    ["127.0.0.1", "sslmode=verify-ca&sslrootcert=CA", true],
    ["localhost", "sslmode=verify-full&sslrootcert=CA", true],
  ])("P1 %s and %j: encrypted is %s", async (host, parameters, encrypted) => {
    await using service = await start({}, at(host, parameters));
    await create(service);
    const others = "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = current_database()";
    const used = query(`${url}?sslmode=disable`, `SELECT DISTINCT ssl ${others} AND pid <> pg_backend_pid()`);
    expect(used).toBe(encrypted ? "t" : "f");
  });

  test.each([
    ["localhost", "sslmode=verify-full"],
    ["127.0.0.1", "sslmode=verify-full&sslrootcert=CA"],
    ["localhost", "sslmode=somehow"],
  ])("P1 %s and %j: the start is refused", async (host, parameters) => {
    const process = launch({}, at(host, parameters));
    expect(await process.exited()).toMatchObject({ code: 1 });
    expect(process.lines().filter(({ level }) => level === "error")).toHaveLength(1);
  });
});
