import type { FastifyTypeProvider } from "fastify";
import type { FromSchema, JSONSchema } from "json-schema-to-ts";

/** Lets Fastify type a handler by the schemas of its route. */
export interface SchemaTypes extends FastifyTypeProvider {
  validator: this["schema"] extends JSONSchema ? FromSchema<this["schema"]> : unknown;
}

/** Any Unicode but NUL, which not every database keeps. */
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
  const required = Object.keys(properties).filter((name) => !properties[name]?.type.includes("null"));
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
