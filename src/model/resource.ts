export const fieldTypes = ["text", "integer", "money", "boolean", "date", "timestamp", "uuid", "one_of"] as const;
export type FieldType = (typeof fieldTypes)[number];

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
