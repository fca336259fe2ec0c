import { expect } from "vitest";
import type { Answer } from "./http.ts";

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** Of a 503 without `Retry-After`: whoever sends such a write again may make it twice. */
export const outcomeUnknown = "It is not known whether the change was made.";

/** E1: every refusal is a problem document, whatever refused it. Returns the faults that it names. */
export function expectProblem(answer: Answer, status: number | readonly number[]): Fault[] {
  expect([status].flat(), answer.body).toContain(answer.status);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json(;|$)/);
  const problem = answer.json as Record<string, unknown> & { errors?: Fault[] };
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^\S+$/),
    title: expect.stringMatching(/\S/),
    status: answer.status,
    detail: expect.stringMatching(/\S/),
    request_id: answer.headers["x-request-id"],
  });
  expect(
    Object.keys(problem).filter(
      (member) => !["type", "title", "status", "detail", "request_id", "errors"].includes(member),
    ),
  ).toEqual([]);
  if (answer.status === 503 && problem.detail !== outcomeUnknown)
    expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
  if (answer.status !== 422) return [];
  expect(problem.errors).toEqual(
    expect.arrayContaining([{ pointer: expect.any(String), detail: expect.stringMatching(/\S/) }]),
  );
  return problem.errors ?? [];
}

/** A 422 that points at one of these places. */
export function expectFault(answer: Answer, pointers: readonly string[]): void {
  const faults = expectProblem(answer, 422);
  expect(pointers, answer.body).toContain(faults[0]?.pointer);
}
