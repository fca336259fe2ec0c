export const types = ["text", "integer", "money", "boolean", "date", "timestamp", "uuid", "one_of"] as const;
export type Type = (typeof types)[number];

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly nullable: boolean;
  /** The choices of `one_of`. */
  readonly values: readonly string[];
}

export interface Resource {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** Reads a spec such as `lab_specimen label:text note:text? status:one_of(draft,sent)`. */
export function resourceFrom(spec: string): Resource {
  const [name = "", ...fields] = spec.trim().split(/\s+(?![^(]*\))/);
  return { name, fields: fields.map(fieldFrom) };
}

function fieldFrom(spec: string): Field {
  const [, name = "", type, choices = "", optional] = /^(\w+):(\w+)(?:\(([^)]*)\))?(\?)?$/.exec(spec) ?? [];
  const known = types.find((one) => one === type);
  if (known === undefined)
    throw new Error(`"${spec}" is no field: write name:type, with type one of ${types.join(", ")}.`);
  const values = choices.split(",").map((choice) => choice.trim());
  return { name, type: known, nullable: optional !== undefined, values: choices === "" ? [] : values };
}
