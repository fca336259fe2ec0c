import { connect as open, type Socket } from "node:net";

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; a repeated header is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as JSON, or undefined when there is none. */
  readonly json: unknown;
}

export interface Options {
  /** A list sends one line for each value; undefined leaves a header out that would be sent by itself. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** An object is sent as JSON, text and bytes as they are; both as `application/json` unless the headers say otherwise. */
  readonly body?: unknown;
}

export interface Connection {
  write(data: string | Uint8Array): void;
  /** The next answer, or undefined when the connection is closed instead. `method` tells whether it has a body. */
  answer(method?: string): Promise<Answer | undefined>;
  /** Milliseconds from the connect to the close by the other side. */
  closed: Promise<number>;
  end(): void;
}

const PATIENCE = 20_000;

/** Sends one request on a connection of its own. `target` is a method and a path: "GET /livez". */
export async function answerTo(address: Address, target: string, options: Options): Promise<Answer> {
  const connection = await connect(address);
  try {
    connection.write(request(target, { ...options, headers: { connection: "close", ...options.headers } }));
    const answer = await connection.answer(target.split(" ", 1)[0]);
    if (answer === undefined) throw new Error(`${target}: the connection was closed without an answer.`);
    return answer;
  } finally {
    connection.end();
  }
}

/** The bytes of a request. */
export function request(target: string, { headers = {}, body }: Options = {}): Buffer {
  const bytes =
    body === undefined
      ? undefined
      : Buffer.from(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body));
  const chunked = headers["transfer-encoding"] !== undefined;
  const all = {
    host: "localhost",
    ...(bytes && { "content-type": "application/json" }),
    ...(bytes && !chunked && { "content-length": String(bytes.length) }),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return Buffer.concat([
    Buffer.from(`${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"),
    bytes ?? Buffer.alloc(0),
  ]);
}

export async function connect({ host, port }: Address): Promise<Connection> {
  const socket = await connected(host, port);
  const since = Date.now();
  let received = Buffer.alloc(0);
  let over = false;
  let wake = () => {};
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    const settle = () => {
      over = true;
      wake();
      resolve(Date.now() - since);
    };
    socket.on("end", settle).on("close", settle);
  });
  /** A reset is a close; what had arrived before it is still read. */
  socket.on("error", () => {});

  return {
    closed,
    write: (data) => void socket.write(data),
    end: () => void socket.destroy(),
    async answer(method = "GET") {
      for (const end = Date.now() + PATIENCE; ; ) {
        const answer = parse(received, method, over);
        if (answer !== undefined) {
          received = received.subarray(answer.length);
          return answer;
        }
        if (over) {
          if (received.length > 0)
            throw new Error(`The answer was cut short: ${JSON.stringify(received.toString("latin1").slice(0, 500))}`);
          return undefined;
        }
        const left = end - Date.now();
        if (left <= 0) throw new Error(`No answer within ${PATIENCE} ms.`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = open({ host, port, noDelay: true }, () => resolve(socket.off("error", reject)));
    socket.once("error", reject);
  });
}

/** The answer at the start of these bytes, and how many it takes; undefined while some are missing. */
function parse(bytes: Buffer, method: string, over: boolean): (Answer & { length: number }) | undefined {
  const blank = bytes.indexOf("\r\n\r\n");
  if (blank < 0) return undefined;
  const [first = "", ...rest] = bytes.toString("latin1", 0, blank).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})( |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`Not a status line: ${JSON.stringify(first)}`);
  const headers: Record<string, string> = {};
  for (const line of rest) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const start = blank + 4;
  if (status === 100) {
    const next = parse(bytes.subarray(start), method, over);
    return next && { ...next, length: start + next.length };
  }
  const body = bodyOf(bytes.subarray(start), status, method, headers, over);
  if (body === undefined) return undefined;
  const text = new TextDecoder("utf-8", { fatal: true }).decode(body.content);
  return {
    status,
    headers,
    body: text,
    get json() {
      return text === "" ? undefined : JSON.parse(text);
    },
    length: start + body.length,
  };
}

function bodyOf(
  bytes: Buffer,
  status: number,
  method: string,
  headers: Record<string, string>,
  over: boolean,
): { content: Buffer; length: number } | undefined {
  if (method === "HEAD" || status === 204 || status === 304) return { content: Buffer.alloc(0), length: 0 };
  if (headers["transfer-encoding"] === "chunked") return chunks(bytes);
  if (headers["content-length"] !== undefined) {
    const length = Number(headers["content-length"]);
    return bytes.length < length ? undefined : { content: bytes.subarray(0, length), length };
  }
  return over ? { content: bytes, length: bytes.length } : undefined;
}

function chunks(bytes: Buffer): { content: Buffer; length: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const eol = bytes.indexOf("\r\n", at);
    if (eol < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, eol), 16);
    const start = eol + 2;
    if (bytes.length < start + size + 2) return undefined;
    if (size === 0) return { content: Buffer.concat(parts), length: start + 2 };
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
