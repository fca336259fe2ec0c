import fc from "fast-check";
import { type Answers, questionIds, type Value, valuesOf } from "../../src/decide/questions.ts";

/** Short answers as often as any, because most sets of hard parts are long. */
const whole = Object.fromEntries(
  questionIds.map((id) => {
    const short = valuesOf(id).filter((value) => typeof value === "string" || value.length === 1);
    return [id, fc.oneof(fc.constantFrom<Value>(...short), fc.constantFrom<Value>(...valuesOf(id)))];
  }),
);

/** Some questions answered, others not. */
export const partial = fc.record(whole, { requiredKeys: [] }) as fc.Arbitrary<unknown> as fc.Arbitrary<Answers>;

/** All nine answered. */
export const complete = fc.record(whole) as fc.Arbitrary<unknown> as fc.Arbitrary<Answers>;

/** The same for every run, so that a test which looks for an example either always finds one or never. */
export function sampled(arbitrary: fc.Arbitrary<Answers>, count: number): Answers[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 20260101 });
}
