import type { Database, Row } from "../database.ts";
import { newId } from "../record.ts";
import { columns, type Fields, type Input } from "./fields.ts";

export interface Stored {
  readonly id: string;
  readonly fields: Fields;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Counts the changes. */
  readonly version: number;
}

/** Deadlines are on the clock of `performance.now()`. */
export interface Store {
  insert(input: Input, deadline: number): Promise<Stored>;
  find(id: string, deadline: number): Promise<Stored | undefined>;
  /** By id, which is oldest first, from the one after `after`. */
  list(after: string, limit: number, deadline: number): Promise<Stored[]>;
  /** Answers nothing when `current` is no longer current. */
  replace(current: Stored, input: Input, deadline: number): Promise<Stored | undefined>;
  /** Answers false when `current` is no longer current. */
  remove(current: Stored, deadline: number): Promise<boolean>;
}

const changing = [...columns.names, "updated_at", "version"];
const all = [...changing, "id", "created_at"];
const list = all.map((name) => `"${name}"`).join(", ");
const marks = all.map((_, index) => `$${index + 1}`).join(", ");
const changes = changing.map((name, index) => `"${name}" = $${index + 1}`).join(", ");
const own = `"id" = $${changing.length + 1} AND "version" = $${changing.length + 2}`;

const table = '"invoices"';
const sql = {
  insert: `INSERT INTO ${table} (${list}) VALUES (${marks})`,
  find: `SELECT ${list} FROM ${table} WHERE "id" = $1`,
  list: `SELECT ${list} FROM ${table} WHERE "id" > $1 ORDER BY "id" LIMIT $2`,
  replace: `UPDATE ${table} SET ${changes} WHERE ${own}`,
  remove: `DELETE FROM ${table} WHERE "id" = $1 AND "version" = $2`,
};

export function openStore(database: Database): Store {
  return {
    async insert(input, deadline) {
      const { id, at } = newId();
      const row = { ...columns.toRow(input), id, created_at: at, updated_at: at, version: 1 };
      await database.run(sql.insert, valuesOf(row, all), deadline);
      return stored(row);
    },

    async find(id, deadline) {
      const row = await database.get(sql.find, [id], deadline);
      return row && stored(row);
    },

    async list(after, limit, deadline) {
      const rows = await database.all(sql.list, [after, limit], deadline);
      return rows.map(stored);
    },

    async replace(current, input, deadline) {
      const before = columns.toRow(current.fields);
      const after = columns.toRow(input);
      if (columns.names.every((name) => before[name] === after[name])) return current;
      const now = new Date().toISOString();
      const row = {
        ...after,
        id: current.id,
        created_at: current.createdAt,
        // The clock may have stepped back.
        updated_at: now > current.updatedAt ? now : current.updatedAt,
        version: current.version + 1,
      };
      const values = [...valuesOf(row, changing), current.id, current.version];
      const changed = await database.run(sql.replace, values, deadline);
      return changed === 0 ? undefined : stored(row);
    },

    async remove({ id, version }, deadline) {
      return (await database.run(sql.remove, [id, version], deadline)) > 0;
    },
  };
}

const valuesOf = (row: Row, names: readonly string[]) => names.map((name) => row[name] ?? null);

function stored(row: Row): Stored {
  return {
    id: String(row.id),
    fields: columns.fromRow(row),
    createdAt: String(row.created_at),
    updatedAt: String(row.updated_at),
    version: Number(row.version),
  };
}
