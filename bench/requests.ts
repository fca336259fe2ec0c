import type { Service } from "./service.ts";

export const kinds = ["GET one", "list of 20", "POST"] as const;
export type Kind = (typeof kinds)[number];

const collection = "/v1/items";
const stored = 200;

interface Item {
  readonly id: string;
}

/** Stores some items, and answers what to send for each kind, in turn. */
export async function requestsFor({ port }: Service): Promise<Readonly<Record<Kind, readonly string[]>>> {
  const origin = `http://127.0.0.1:${port}`;
  const ids: string[] = [];
  for (let quantity = 0; quantity < stored; quantity++) {
    const headers = { "content-type": "application/json" };
    const created = await fetch(`${origin}${collection}`, { method: "POST", headers, body: bodyOf(quantity) });
    ids.push(((await created.json()) as Item).id);
  }
  await checkAnswers(origin, ids);
  return {
    "GET one": ids.map((id) => message("GET", `${collection}/${id}`)),
    "list of 20": [message("GET", collection)],
    POST: ids.map((_, quantity) => message("POST", collection, bodyOf(quantity))),
  };
}

const bodyOf = (quantity: number) => JSON.stringify({ name: "a bolt of eight millimetres", quantity });

/** The bytes of one request. */
function message(method: string, target: string, body?: string): string {
  const head = [`${method} ${target} HTTP/1.1`, "host: localhost", "accept: application/json"];
  if (body !== undefined) head.push("content-type: application/json", `content-length: ${Buffer.byteLength(body)}`);
  return `${head.join("\r\n")}\r\n\r\n${body ?? ""}`;
}

/** Services that answered differently would not be comparable. */
async function checkAnswers(origin: string, ids: readonly string[]): Promise<void> {
  const one = (await (await fetch(`${origin}${collection}/${ids[0]}`)).json()) as Item;
  const members = Object.keys(one).sort().join();
  const list = (await (await fetch(`${origin}${collection}`)).json()) as { data: Item[]; next_cursor: unknown };
  if (
    members !== "created_at,id,name,quantity,updated_at" ||
    list.data.length !== 20 ||
    typeof list.next_cursor !== "string"
  ) {
    throw new Error(`Unexpected answers: ${JSON.stringify(one)} ${JSON.stringify(list)}`);
  }
}
