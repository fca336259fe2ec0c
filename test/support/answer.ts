export interface Answer {
  readonly status: number;
  /** Lower-case names; a repeated header is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as JSON, or undefined when there is none. */
  readonly json: unknown;
}

interface Parsed extends Answer {
  /** How many of the bytes it takes. */
  readonly length: number;
}

/** The answer at the start of these bytes, undefined while some are missing. `over` when no more can come. */
export function parseAnswer(bytes: Buffer, method: string, over: boolean): Parsed | undefined {
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
  // 100 Continue comes before the answer.
  if (status === 100) {
    const next = parseAnswer(bytes.subarray(start), method, over);
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

interface Body {
  readonly content: Buffer;
  readonly length: number;
}

function bodyOf(
  bytes: Buffer,
  status: number,
  method: string,
  headers: Record<string, string>,
  over: boolean,
): Body | undefined {
  if (method === "HEAD" || status === 204 || status === 304) return { content: Buffer.alloc(0), length: 0 };
  if (headers["transfer-encoding"] === "chunked") return chunks(bytes);
  if (headers["content-length"] !== undefined) {
    const length = Number(headers["content-length"]);
    return bytes.length < length ? undefined : { content: bytes.subarray(0, length), length };
  }
  return over ? { content: bytes, length: bytes.length } : undefined;
}

function chunks(bytes: Buffer): Body | undefined {
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
