export const fieldTypes = ["text", "integer", "money", "boolean", "date", "timestamp", "uuid", "one_of"] as const;
export type FieldType = (typeof fieldTypes)[number];

/** More than one type of any language: a service declares them. */
export const declaredTypes: readonly FieldType[] = ["money", "one_of"];

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** May be left out and may be null. */
  readonly nullable: boolean;
  /** The members of a `one_of`; empty for every other type. */
  readonly values: readonly string[];
}

export interface Resource {
  readonly name: string;
  readonly fields: readonly Field[];
}
