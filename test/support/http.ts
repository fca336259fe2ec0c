import { connect as open, type Socket } from "node:net";
import { type Answer, parseAnswer } from "./answer.ts";

export type { Answer };

export interface Address {
  readonly host: string;
  readonly port: number;
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
  readonly closed: Promise<number>;
  end(): void;
}

/** Milliseconds to wait for an answer, which is more than any timeout that a test sets. */
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
  // A reset is a close; what had arrived before it is still read.
  socket.on("error", () => {});

  return {
    closed,
    write: (data) => void socket.write(data),
    end: () => void socket.destroy(),
    async answer(method = "GET") {
      for (const end = Date.now() + PATIENCE; ; ) {
        const answer = parseAnswer(received, method, over);
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
