import type { Field } from "../model/resource.ts";
import type { JsonValue } from "./view.ts";

type Samples = { readonly sample: JsonValue; readonly changed: JsonValue };

const samples: Record<Exclude<Field["type"], "one_of">, Samples> = {
  text: { sample: "first", changed: "second" },
  integer: { sample: 1, changed: 2 },
  money: { sample: { minor_units: 1999, currency: "EUR" }, changed: { minor_units: 2500, currency: "EUR" } },
  boolean: { sample: false, changed: true },
  date: { sample: "2026-01-31", changed: "2026-02-28" },
  timestamp: { sample: "2026-01-31T08:30:00.000Z", changed: "2026-02-28T18:45:30.500Z" },
  uuid: { sample: "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", changed: "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2c" },
};

/** Values for the tests of an emitted service; `changed` differs from `sample` wherever the type has two values. */
export function samplesOf(field: Field): Samples {
  if (field.type !== "one_of") return samples[field.type];
  return { sample: field.values[0] ?? null, changed: field.values.at(-1) ?? null };
}
