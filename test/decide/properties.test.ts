import { expect, test } from "vitest";
import { table } from "../../src/decide/rules.ts";
import { killer, mutants } from "./mutants.ts";
import { properties } from "./properties.ts";

test.each(properties)("$name", ({ check }) => check(table));

/** `npm run mutate:rules` prints the whole table of what kills which. */
test("a rule deleted, turned, weakened or strengthened breaks a property", () => {
  const survivors = mutants().filter((mutant) => killer(mutant) === undefined);
  expect(survivors.map(({ rule, operation }) => `${operation} ${rule}`)).toEqual([]);
});
