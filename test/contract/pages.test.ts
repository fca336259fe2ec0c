import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/http.ts";
import { create, type Representation } from "../support/items.ts";
import { collectionOf, type Service, start } from "../support/service.ts";

interface Page {
  readonly data: Representation[];
  readonly next_cursor: string | null;
}

const ROWS = 25;

let service: Service;
let all: Representation[];

beforeAll(async () => {
  service = await start();
  all = [];
  for (let row = 0; row < ROWS; row++) all.push((await create(service)).representation);
});

function page(query = "", from = service): Promise<Answer & { json: Page }> {
  return from.call(`GET :items${query}`) as Promise<Answer & { json: Page }>;
}

/** Every page from the first to the last, with something done in between. */
async function walk(
  limit: number,
  from: Service,
  between: () => Promise<unknown> = async () => {},
): Promise<Representation[]> {
  const rows: Representation[] = [];
  for (let query = `?limit=${limit}`; ; ) {
    const { data, next_cursor } = (await page(query, from)).json;
    expect(data.length).toBeLessThanOrEqual(limit);
    rows.push(...data);
    expect(rows.length).toBeLessThan(500);
    if (next_cursor === null) return rows;
    query = `?limit=${limit}&cursor=${next_cursor}`;
    await between();
  }
}

/** The 16 bytes of a UUID in base64url. */
function cursorAt(id: string): string {
  return Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");
}

test("R2 an empty collection is 200 with []", async () => {
  await using empty = await start();
  const { status, headers, json } = await page("", empty);
  expect({ status, json, link: headers.link }).toEqual({
    status: 200,
    json: { data: [], next_cursor: null },
    link: undefined,
  });
  expect(headers["content-type"]).toMatch(/^application\/json(;|$)/);
});

describe("one page", () => {
  test("R2 a page has 20 rows, whole and oldest first", async () => {
    expect((await page()).json).toEqual({ data: all.slice(0, 20), next_cursor: cursorAt(all[19]?.id ?? "") });
  });

  test.each([
    [1, 1],
    [20, 20],
    [ROWS - 1, ROWS - 1],
    [ROWS, ROWS],
    [ROWS + 1, ROWS],
    [100, ROWS],
  ])("R2 limit=%i gives %i of 25 rows, and a cursor only when a row follows", async (limit, length) => {
    const { json, headers } = await page(`?limit=${limit}`);
    expect(json.data).toEqual(all.slice(0, length));
    expect(json.next_cursor).toBe(length < ROWS ? cursorAt(all[length - 1]?.id ?? "") : null);
    expect(headers.link === undefined).toBe(length === ROWS);
  });

  test("R2 the last page is null, also when it is exactly full", async () => {
    const second = (await page(`?limit=5&cursor=${cursorAt(all[19]?.id ?? "")}`)).json;
    expect(second).toEqual({ data: all.slice(20), next_cursor: null });
  });

  test.each([
    ["before everything", "A".repeat(22), ROWS],
    ["after everything", `${"_".repeat(21)}w`, 0],
    ["of no UUID version", `${"z".repeat(21)}Q`, 0],
    ["with a hyphen", `${"-".repeat(21)}g`, 0],
    ["between", `AZ${"_".repeat(19)}A`, undefined],
  ])("R2 a cursor %s is accepted", async (_where, cursor, rows) => {
    const { status, json } = await page(`?limit=100&cursor=${cursor}`);
    expect(status).toBe(200);
    const id = Buffer.from(cursor, "base64url").toString("hex");
    expect(json.data).toEqual(all.filter((row) => row.id.replaceAll("-", "") > id));
    if (rows !== undefined) expect(json.data).toHaveLength(rows);
  });

  test("R2 any sixteen bytes are a cursor", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const bytes = Buffer.from(Array.from({ length: 16 }, (_, at) => (seed * 7919 * (at + 1)) % 256));
      expect((await page(`?cursor=${bytes.toString("base64url")}`)).status).toBe(200);
    }
  });
});

describe("Link", () => {
  test.each(["?limit=3", "?limit=10&other=1", ""])(
    "R2 the rel=next of %j leads on and keeps the limit",
    async (query) => {
      const first = await page(query);
      const [, next = ""] = /^<([^>]+)>; rel="next"$/.exec(first.headers.link ?? "") ?? [];
      expect(next.startsWith(`${await collectionOf(service)}?`)).toBe(true);
      expect(new URLSearchParams(next.split("?")[1]).get("cursor")).toBe(first.json.next_cursor);
      const size = first.json.data.length;
      expect(((await service.call(`GET ${next}`)).json as Page).data).toEqual(all.slice(size, 2 * size));
    },
  );
});

describe("a walk", () => {
  test.each([1, 7, 24, 25, 100])("R2 with limit=%i meets every row once, oldest first", async (limit) => {
    expect(await walk(limit, service)).toEqual(all);
  });

  test("R2 is stable while rows come and go", async () => {
    await using busy = await start();
    const rows: Representation[] = [];
    for (let row = 0; row < 40; row++) rows.push((await create(busy)).representation);
    const doomed = rows.filter((_, at) => at % 3 === 0);
    const staying = rows.filter((row) => !doomed.includes(row));
    const met = await walk(2, busy, async () => {
      const victim = doomed.shift();
      await Promise.all([create(busy), victim && busy.call(`DELETE :items/${victim.id}`)]);
    });
    const ids = met.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(met.filter(({ id }) => staying.some((row) => row.id === id))).toEqual(staying);
  });

  test("R2 goes on when the row of its cursor is gone", async () => {
    await using small = await start();
    const rows = [await create(small), await create(small), await create(small)];
    const { next_cursor } = (await page("?limit=1", small)).json;
    await small.call(`DELETE :items/${rows[0]?.id}`);
    expect((await page(`?cursor=${next_cursor}`, small)).json.data.map(({ id }) => id)).toEqual(
      rows.slice(1).map(({ id }) => id),
    );
  });
});
