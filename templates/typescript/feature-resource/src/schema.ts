import type { FastifyTypeProvider } from "fastify";
import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import type { Row, Value } from "./database.ts";

/** Lets Fastify type a handler by the schemas of its route. */
export interface SchemaTypes extends FastifyTypeProvider {
  validator: this["schema"] extends JSONSchema ? FromSchema<this["schema"]> : unknown;
}

// The types that a field may have, also those that no resource has yet.

/** Any Unicode but NUL, at which much that reads text stops. */
export const text = {
  type: "string",
  maxLength: 2000,
  pattern: "^[^\\u0000]*$",
} as const;

/** What a double holds exactly. */
export const integer = {
  type: "integer",
  minimum: -9_007_199_254_740_991,
  maximum: 9_007_199_254_740_991,
} as const;

export const money = {
  type: "object",
  additionalProperties: false,
  required: ["minor_units", "currency"],
  properties: { minor_units: integer, currency: { type: "string", pattern: "^[A-Z]{3}$" } },
} as const;

export const boolean = { type: "boolean" } as const;
export const date = { type: "string", format: "date" } as const;
export const timestamp = {
  type: "string",
  format: "date-time",
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})$",
} as const;
export const uuid = { type: "string", format: "uuid" } as const;

export interface Property {
  readonly type: string | readonly string[];
  readonly format?: string;
}

export type Properties = Readonly<Record<string, Property>>;

/** The members as the service answers them: all are there. */
export type Values<P extends Properties> = {
  -readonly [Name in keyof P]: P[Name] extends JSONSchema ? FromSchema<P[Name]> : never;
};

type Nullable<Fields> = { [Name in keyof Fields]: null extends Fields[Name] ? Name : never }[keyof Fields];

/** The members as a client sends them: those that may be null may be left out. */
export type InputOf<Fields> = Omit<Fields, Nullable<Fields>> & Partial<Pick<Fields, Nullable<Fields>>>;

export function inputSchema<P extends Properties>(properties: P) {
  const required = Object.keys(properties).filter((name) => !typesOf(properties[name]).includes("null"));
  return { type: "object", additionalProperties: false, required, properties } as const;
}

export function representationSchema<P extends Properties>(fields: P) {
  const properties = { id: uuid, ...fields, created_at: timestamp, updated_at: timestamp };
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties } as const;
}

export const idParams = { type: "object", required: ["id"], properties: { id: uuid } } as const;

export const pageQuery = {
  type: "object",
  properties: {
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", pattern: "^[A-Za-z0-9_-]{21}[AQgw]$" },
  },
} as const;

export function pageSchema<Item extends object>(items: Item) {
  const properties = { data: { type: "array", maxItems: 100, items }, next_cursor: { type: ["string", "null"] } };
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties } as const;
}

/** How the members of a resource lie in its table: money takes two columns, any other member one of its own name. */
export interface Columns<Fields> {
  readonly names: readonly string[];
  /** Puts each value in the one form in which it is kept: UTC, lower case, null for what was left out. */
  toRow(input: InputOf<Fields>): Row;
  fromRow(row: Row): Fields;
}

export function columnsOf<P extends Properties>(properties: P): Columns<Values<P>> {
  const members = Object.entries(properties).map(([name, property]) => memberOf(name, property));
  return {
    names: members.flatMap(({ columns }) => columns),
    toRow(input) {
      const row: Record<string, Value> = {};
      for (const member of members) member.write(input as Members, row);
      return row;
    },
    fromRow(row) {
      const values: Members = {};
      for (const member of members) member.read(row, values);
      return values as Values<P>;
    },
  };
}

interface Money {
  readonly minor_units: Value;
  readonly currency: Value;
}

type Members = Record<string, Value | Money>;

interface Member {
  readonly columns: readonly string[];
  write(from: Members, to: Record<string, Value>): void;
  read(from: Row, to: Members): void;
}

function memberOf(name: string, property: Property): Member {
  const { format } = property;
  if (typesOf(property).includes("object")) return moneyMember(name);
  if (typesOf(property).includes("boolean")) return columnMember(name, same, Boolean);
  if (format === "date-time") return columnMember(name, (value) => new Date(String(value)).toISOString(), same);
  if (format === "uuid") return columnMember(name, (value) => String(value).toLowerCase(), same);
  return columnMember(name, same, same);
}

const typesOf = (property: Property | undefined) => [property?.type ?? []].flat();

type Convert = (value: Value) => Value;

const same: Convert = (value) => value;

function columnMember(name: string, written: Convert, read: Convert): Member {
  const unlessNull = (value: Value, convert: Convert) => (value === null ? null : convert(value));
  return {
    columns: [name],
    write: (from, to) => {
      to[name] = unlessNull((from[name] ?? null) as Value, written);
    },
    read: (from, to) => {
      to[name] = unlessNull(from[name] ?? null, read);
    },
  };
}

function moneyMember(name: string): Member {
  const [units, currency] = [`${name}_minor_units`, `${name}_currency`] as const;
  return {
    columns: [units, currency],
    write: (from, to) => {
      const amount = from[name] as Money | null | undefined;
      to[units] = amount?.minor_units ?? null;
      to[currency] = amount?.currency ?? null;
    },
    read: (from, to) => {
      const minorUnits = from[units] ?? null;
      to[name] = minorUnits === null ? null : { minor_units: minorUnits, currency: from[currency] ?? null };
    },
  };
}
