import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";

/** What one statement answers, as text. */
export function query(url: string, sql: string): string {
  return execFileSync("psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql, url], { encoding: "utf8" }).trim();
}

/** Makes a database on the server of a URL, and returns its URL. */
export function createDatabase(server: string): string {
  const name = `contract_${randomBytes(6).toString("hex")}`;
  query(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
