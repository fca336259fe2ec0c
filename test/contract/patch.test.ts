import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { bodyWith, changes, create, fields, itemIn, jsonOf, patch, read, titled } from "../support/items.ts";
import { expectFault, expectProblem } from "../support/problem.ts";
import { type Service, start } from "../support/service.ts";
import { invalidValues, samples, validValues } from "../support/values.ts";

let service: Service;

beforeAll(async () => {
  service = await start();
});

describe("PATCH", () => {
  test.each(["application/merge-patch+json", "application/json"])(
    "R4 as %s answers the whole changed item with a new ETag",
    async (type) => {
      const item = await create(service);
      await sleep(5);
      const answer = await patch(service, item, changes()[0], { headers: { "content-type": type } });
      const changed = itemIn(answer);
      expect(answer.status).toBe(200);
      expect(changed.etag).not.toBe(item.etag);
      expect(changed.representation).toEqual({
        ...item.representation,
        ...JSON.parse(changes()[0]),
        updated_at: changed.representation.updated_at,
      });
      expect(Date.parse(changed.representation.updated_at)).toBeGreaterThan(Date.parse(item.representation.updated_at));
      expect(await read(service, item)).toEqual(changed);
    },
  );

  for (const field of fields) {
    const [, other] = samples(field);

    test.each(titled(validValues(field)))(
      `R4 sets ${field.name} to %s, and nothing else`,
      async (_title, { text, answer }) => {
        const item = await create(service, bodyWith({ [field.name]: other.text }));
        const changed = itemIn(await patch(service, item, jsonOf({ [field.name]: text })));
        expect(changed.representation).toEqual({
          ...item.representation,
          [field.name]: answer,
          updated_at: expect.any(String),
        });
        expect(await read(service, item)).toEqual(changed);
      },
    );

    test.each(titled(invalidPatches(field)))(`R4 refuses to set ${field.name} to %s`, async (_title, { text, at }) => {
      const item = await create(service);
      expectFault(await patch(service, item, jsonOf({ [field.name]: text })), at);
      expect(await read(service, item)).toEqual(item);
    });

    test.each(titled(validValues(field)))(
      `R4 changes neither ETag nor updated_at when ${field.name} is %s already`,
      async (_title, { text }) => {
        const item = await create(service, bodyWith({ [field.name]: text }));
        await sleep(2);
        expect(itemIn(await patch(service, item, jsonOf({ [field.name]: text })))).toEqual(item);
        expect(await read(service, item)).toEqual(item);
      },
    );
  }

  /** Of an object a patch may give a part, so a value that is refused for what it lacks is refused for nothing here. */
  function invalidPatches(field: (typeof fields)[number]) {
    const partial = ["{}", '{"minor_units":1}', '{"currency":"EUR"}'];
    return invalidValues(field).filter(({ text }) => field.type !== "money" || !partial.includes(text));
  }

  test("R4 of nothing is 200, with ETag and updated_at unchanged", async () => {
    const item = await create(service);
    await sleep(5);
    const answer = await patch(service, item, "{}");
    expect(answer.status).toBe(200);
    expect(itemIn(answer)).toEqual(item);
    expect(await read(service, item)).toEqual(item);
  });

  test("R4 of all fields at once changes them all", async () => {
    const item = await create(service);
    const all = Object.fromEntries(fields.map((field) => [field.name, samples(field)[1]]));
    const answer = await patch(
      service,
      item,
      jsonOf(Object.fromEntries(Object.entries(all).map(([name, { text }]) => [name, text]))),
    );
    expect(answer.json).toMatchObject(
      Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value.answer])),
    );
  });

  test.each(fields.filter(({ type }) => type === "timestamp"))(
    "R4 changes nothing when $name is the same instant at another offset",
    async ({ name }) => {
      const item = await create(service, bodyWith({ [name]: '"2024-02-29T12:00:00Z"' }));
      expect(itemIn(await patch(service, item, jsonOf({ [name]: '"2024-02-29T14:00:00.000+02:00"' })))).toEqual(item);
    },
  );

  test.each(fields.filter(({ nullable }) => nullable))("R4 clears $name by null", async ({ name }) => {
    const item = await create(service);
    expect((await patch(service, item, jsonOf({ [name]: "null" }))).json).toMatchObject({ [name]: null });
    expect((await read(service, item)).representation[name]).toBeNull();
  });
});

const money = fields.filter(({ type }) => type === "money");
const set = (name: string) => bodyWith({ [name]: '{"minor_units":1999,"currency":"EUR"}' });

test.each(money)("R4 a part of $name changes that part", async ({ name }) => {
  const item = await create(service, set(name));
  const units = itemIn(await patch(service, item, jsonOf({ [name]: '{"minor_units":5}' })));
  expect(units.representation[name]).toEqual({ minor_units: 5, currency: "EUR" });
  const currency = itemIn(await patch(service, units, jsonOf({ [name]: '{"currency":"CHF"}' })));
  expect(currency.representation[name]).toEqual({ minor_units: 5, currency: "CHF" });
  expect(itemIn(await patch(service, currency, jsonOf({ [name]: "{}" })))).toEqual(currency);
  expect(await read(service, item)).toEqual(currency);
});

test.each(money.flatMap(({ name }) => ["minor_units", "currency"].map((member) => [name, member] as const)))(
  "R4 removing a member is 422 at /%s/%s",
  async (name, member) => {
    const item = await create(service, set(name));
    expectFault(await patch(service, item, jsonOf({ [name]: `{"${member}":null}` })), [`/${name}/${member}`]);
    expect(await read(service, item)).toEqual(item);
  },
);

test.each(money.filter(({ nullable }) => nullable))(
  "R4 a part of $name is 422 when it is null, and the whole is not",
  async ({ name }) => {
    const item = await create(service, bodyWith({ [name]: "null" }));
    expectFault(await patch(service, item, jsonOf({ [name]: '{"minor_units":5}' })), [`/${name}/currency`, `/${name}`]);
    expectFault(await patch(service, item, jsonOf({ [name]: "{}" })), [
      `/${name}/currency`,
      `/${name}/minor_units`,
      `/${name}`,
    ]);
    const whole = await patch(service, item, jsonOf({ [name]: '{"minor_units":5,"currency":"EUR"}' }));
    expect(whole.json).toMatchObject({ [name]: { minor_units: 5, currency: "EUR" } });
  },
);

test.each(money)("R4 a member removed from $name that it does not have is 422", async ({ name }) => {
  const item = await create(service);
  expectFault(await patch(service, item, jsonOf({ [name]: '{"cents":null}' })), [`/${name}/cents`, `/${name}`]);
});

describe("DELETE", () => {
  test("R4 is 204 without a body, then everything is 404", async () => {
    const item = await create(service);
    expect(await service.call(`DELETE :items/${item.id}`)).toMatchObject({ status: 204, body: "" });
    expectProblem(await service.call(`DELETE :items/${item.id}`), 404);
    expectProblem(await service.call(`GET :items/${item.id}`), 404);
    expectProblem(await patch(service, item, "{}"), 404);
  });
});
