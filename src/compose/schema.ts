import type { Field, FieldType } from "../model/resource.ts";
import type { JsonValue } from "./view.ts";

type Schema = Readonly<Record<string, JsonValue>>;

/** JSON Schema 2020-12 of a resource. */
export interface ResourceSchemas {
  /** As the service answers it. */
  readonly whole: Schema;
  /** The body of a POST. */
  readonly create: Schema;
  /** The body of a PATCH; a nested object may come in parts. */
  readonly patch: Schema;
}

/** Longest text that a field takes, in code points. */
export const longestText = 2000;

const safe = Number.MAX_SAFE_INTEGER;

const schemaOfType: Record<Exclude<FieldType, "one_of">, Record<string, JsonValue>> = {
  text: { type: "string", maxLength: longestText, pattern: "^[^\\u0000]*$" },
  integer: { type: "integer", minimum: -safe, maximum: safe },
  money: {
    type: "object",
    additionalProperties: false,
    required: ["minor_units", "currency"],
    properties: {
      minor_units: { type: "integer", minimum: -safe, maximum: safe },
      currency: { type: "string", pattern: "^[A-Z]{3}$" },
    },
  },
  boolean: { type: "boolean" },
  date: { type: "string", format: "date" },
  timestamp: {
    type: "string",
    format: "date-time",
    // The format alone takes more decimals than the three that are kept, and leap seconds.
    pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})$",
  },
  uuid: { type: "string", format: "uuid" },
};

export function schemasOf(fields: readonly Field[]): ResourceSchemas {
  const properties = membersOf(fields, schemaOf);
  const stamp = schemaOfType.timestamp;
  const object = { type: "object", additionalProperties: false };
  const names = fields.map(({ name }) => name);
  return {
    whole: {
      ...object,
      required: ["id", ...names, "created_at", "updated_at"],
      properties: { id: schemaOfType.uuid, ...properties, created_at: stamp, updated_at: stamp },
    },
    create: { ...object, required: fields.filter(({ nullable }) => !nullable).map(({ name }) => name), properties },
    patch: { ...object, properties: membersOf(fields, patchSchemaOf) },
  };
}

function membersOf(fields: readonly Field[], schema: (field: Field) => Schema): Schema {
  return Object.fromEntries(fields.map((field) => [field.name, schema(field)]));
}

function schemaOf({ type, nullable, values }: Field): Schema {
  const schema = type === "one_of" ? { type: "string", enum: values } : schemaOfType[type];
  if (!nullable) return schema;
  const open = { ...schema, type: [schema.type as string, "null"] };
  return type === "one_of" ? { ...open, enum: [...values, null] } : open;
}

function patchSchemaOf(field: Field): Schema {
  const { required: _, ...schema } = schemaOf(field);
  return schema;
}
