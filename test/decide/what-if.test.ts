import { expect, test } from "vitest";
import { decide } from "../../src/decide/verdict.ts";
import { whatIf } from "../../src/decide/what-if.ts";
import { partial, sampled } from "./profiles.ts";

test("holds both verdicts, and every rule of either once with its standing in both", () => {
  const profiles = sampled(partial, 60);
  for (const [place, answers] of profiles.entries()) {
    const other = profiles[profiles.length - 1 - place] ?? {};
    const { before, after, rules } = whatIf(answers, other, {});
    expect([before, after]).toEqual([decide(answers), decide(other)]);
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, before: was, after: is } of rules) {
      expect(was).toBe(before.rules.find((rule) => rule.id === id)?.status ?? "absent");
      expect(is).toBe(after.rules.find((rule) => rule.id === id)?.status ?? "absent");
      expect([was, is]).not.toEqual(["absent", "absent"]);
    }
    const moved = rules.map((rule) => rule.before !== rule.after);
    expect(moved).toEqual(moved.toSorted((a, b) => Number(b) - Number(a)));
  }
});
