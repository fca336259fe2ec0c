import { expect } from "vitest";
import type { Answer, Options } from "./http.ts";
import type { Field } from "./resource.ts";
import type { Service } from "./service.ts";
import { subject } from "./subject.ts";
import { samples } from "./values.ts";

export type Representation = { id: string; created_at: string; updated_at: string } & Record<string, unknown>;

export interface Item {
  readonly id: string;
  readonly etag: string;
  readonly representation: Representation;
}

/** A UUID that is the id of no item. */
export const NOBODY = "0190a4f3-5b6c-7d8e-9f01-23456789abcd";

export const fields = subject.resource.fields;

/** One that takes any text. */
export function textField(): Field {
  const field = fields.find(({ type }) => type === "text");
  if (field === undefined) throw new Error("The resource needs a text field.");
  return field;
}

/** A whole body as JSON text. A field is left out by undefined; one that the resource does not have is added. */
export function bodyWith(changes: Record<string, string | undefined> = {}): string {
  const plain = Object.fromEntries(fields.map((field) => [field.name, samples(field)[0].text]));
  return jsonOf({ ...plain, ...changes });
}

export function jsonOf(members: Record<string, string | undefined>): string {
  const texts = Object.entries(members).flatMap(([name, text]) =>
    text === undefined ? [] : `${JSON.stringify(name)}:${text}`,
  );
  return `{${texts.join(",")}}`;
}

/** What a body of plain values comes back as, less the members of the service's own. */
export function plainAnswer(): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, samples(field)[0].answer]));
}

export async function create(service: Service, body = bodyWith()): Promise<Item> {
  const answer = await service.call("POST :items", { body });
  expect(answer.status, answer.body).toBe(201);
  return itemIn(answer);
}

export async function read(service: Service, { id }: { id: string }): Promise<Item> {
  const answer = await service.call(`GET :items/${id}`);
  expect(answer.status, answer.body).toBe(200);
  return itemIn(answer);
}

export function patch(
  service: Service,
  { id, etag }: { id: string; etag: string },
  body: unknown,
  options: Options = {},
): Promise<Answer> {
  return service.call(`PATCH :items/${id}`, {
    body,
    headers: { "content-type": "application/merge-patch+json", "if-match": etag, ...options.headers },
  });
}

/** In a target `:id` stands for the id of the item, and `:nobody` for one that no item has. */
export function addressed(target: string, { id }: { id: string }): string {
  return target.replace(":id", id).replace(":nobody", NOBODY);
}

export function itemIn(answer: Answer): Item {
  const representation = answer.json as Representation;
  return { id: representation.id, etag: answer.headers.etag ?? "", representation };
}

/** A patch that changes something, whatever the fields are, and one that changes it back. */
export function changes(): readonly [string, string] {
  const field = fields.find((one) => one.type !== "one_of" || one.values.length > 1);
  if (field === undefined) throw new Error("The resource needs a field with two values.");
  const [plain, other] = samples(field);
  return [jsonOf({ [field.name]: other.text }), jsonOf({ [field.name]: plain.text })];
}

/** Rows for `test.each`: a title, which is the start of a long value, and the case. */
export function titled<T extends { text: string }>(cases: readonly T[]): [string, T][] {
  return cases.map((one) => [one.text.length > 60 ? `${one.text.slice(0, 24)}… (${one.text.length})` : one.text, one]);
}
