import {
  boolean,
  columnsOf,
  date,
  type InputOf,
  inputSchema,
  money,
  representationSchema,
  text,
  type Values,
} from "../schema.ts";

/** What a client may set. Validation, types and columns follow from it, and `openapi.json` is held to it. */
export const properties = {
  number: text,
  amount: money,
  due: date,
  paid: boolean,
  note: { ...text, type: ["string", "null"] },
} as const;

export type Fields = Values<typeof properties>;
export type Input = InputOf<Fields>;

export const input = inputSchema(properties);
export const representation = representationSchema(properties);
export const columns = columnsOf(properties);
