import { expect, test } from "vitest";
import { questionDistribution, report } from "../../bench/questions.ts";

test("the interview asks hardly more than the exact optimum, mostly few questions and never more than nine", () => {
  const distribution = questionDistribution();
  expect(distribution.ratio).toBeGreaterThanOrEqual(1);
  expect(distribution.ratio).toBeLessThanOrEqual(1.08);
  expect(distribution.p95).toBeLessThanOrEqual(8);
  expect(distribution.most).toBeLessThanOrEqual(9);
  expect(distribution.counts.reduce((sum, count) => sum + count, 0)).toBe(2000);
  expect(report(distribution)).toContain("at the exact optimum: 1.0");
});
