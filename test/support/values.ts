import type { Field, Type } from "./resource.ts";

/** A value as JSON text, since `1.0` and repeated members do not survive a round trip, and what the service makes of it. */
export interface Valid {
  readonly text: string;
  readonly answer: unknown;
}

/** A value that is refused, and where: pointers, any of which is right. */
export interface Invalid {
  readonly text: string;
  readonly at: readonly string[];
}

const MOST = "9007199254740991";

/** A plain value of the field, and another that is not equal to it. */
export function samples(field: Field): readonly [Valid, Valid] {
  const [one, other] = field.type === "one_of" ? field.values : plain[field.type];
  return [valid(one), valid(other ?? one)];
}

export function validValues(field: Field): Valid[] {
  const own = field.type === "one_of" ? field.values.map(valid) : accepted[field.type]();
  return field.nullable ? [...own, { text: "null", answer: null }] : own;
}

export function invalidValues(field: Field): Invalid[] {
  const own = field.type === "one_of" ? oneOfRefused(field.values) : refused[field.type]();
  const all = field.nullable ? own : [...own, invalid("null")];
  return all.map(({ text, at }) => ({ text, at: at.map((below) => `/${field.name}${below}`) }));
}

/** The values that a lax decoder lets crash a later stage: E3. */
export function hostileValues({ type }: Field): Record<string, string> {
  if (type === "text") {
    return {
      "a NUL": '"a\\u0000b"',
      "a lone high surrogate": '"\\ud800"',
      "a lone low surrogate": '"\\udc00"',
      "two surrogates the wrong way round": '"\\udc00\\ud800"',
    };
  }
  if (type === "integer") return outOfRange;
  if (type === "money")
    return Object.fromEntries(Object.entries(outOfRange).map(([what, text]) => [what, money(text)]));
  return {};
}

const plain: Record<Exclude<Type, "one_of">, readonly [unknown, unknown]> = {
  text: ["plain", "other"],
  integer: [12, 13],
  money: [
    { minor_units: 1999, currency: "EUR" },
    { minor_units: 1999, currency: "USD" },
  ],
  boolean: [true, false],
  date: ["2024-02-29", "2024-03-01"],
  timestamp: ["2024-02-29T12:30:45.678Z", "2024-02-29T12:30:45.679Z"],
  uuid: ["0190a4f3-5b6c-7d8e-9f01-23456789abcd", "0190a4f3-5b6c-7d8e-9f01-23456789abce"],
};

const outOfRange = {
  "an integer too large": "9007199254740992",
  "an integer too small": "-9007199254740992",
  "more than 64 bits": "99999999999999999999",
  "more than a double": "1e999",
  "less than a double": "-1e999",
  "ten thousand digits": "9".repeat(10_000),
};

const accepted: Record<Exclude<Type, "one_of">, () => Valid[]> = {
  text: () =>
    [
      "",
      " ",
      "x".repeat(2_000),
      "😀".repeat(2_000),
      "e\u0301 é",
      "\u0001\t\r\n\u007f\u0085",
      "\ufeffmark",
      "\uffff\u{10ffff}",
      "שלום ‮abc",
      `'; DROP TABLE x; -- "\\ %s \${x} {{x}} <b>`,
      "null",
    ].map(valid),
  integer: () => [
    ...[0, 1, -1].map(valid),
    ...["1.0", "10e-1", "1.00E0"].map((text) => ({ text, answer: 1 })),
    ...["1e2", "1E+2", "100"].map((text) => ({ text, answer: 100 })),
    ...["-0", "0.0", "0e9"].map((text) => ({ text, answer: 0 })),
    ...[MOST, `-${MOST}`].map((text) => ({ text, answer: Number(text) })),
  ],
  money: () => [
    ...[0, 1, -1999, Number(MOST), -Number(MOST)].map((units) => valid({ minor_units: units, currency: "EUR" })),
    valid({ minor_units: 5, currency: "XXX" }),
    { text: '{"currency":"JPY","minor_units":1e2}', answer: { minor_units: 100, currency: "JPY" } },
    { text: money("7.0"), answer: { minor_units: 7, currency: "EUR" } },
    { text: '{"minor_units":1,"minor_units":2,"currency":"EUR"}', answer: { minor_units: 2, currency: "EUR" } },
  ],
  boolean: () => [true, false].map(valid),
  date: () => ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "1582-10-10"].map(valid),
  timestamp: () => [
    { text: '"2024-01-02T03:04:05Z"', answer: "2024-01-02T03:04:05.000Z" },
    { text: '"2024-01-02T03:04:05.1Z"', answer: "2024-01-02T03:04:05.100Z" },
    { text: '"2024-01-02T03:04:05.12Z"', answer: "2024-01-02T03:04:05.120Z" },
    { text: '"2024-01-02T03:04:05.123Z"', answer: "2024-01-02T03:04:05.123Z" },
    { text: '"2024-01-02T03:04:05.120+02:00"', answer: "2024-01-02T01:04:05.120Z" },
    { text: '"2024-02-29T23:30:00-00:30"', answer: "2024-03-01T00:00:00.000Z" },
    { text: '"2024-01-01T00:00:00+14:00"', answer: "2023-12-31T10:00:00.000Z" },
    { text: '"2024-01-01T00:00:00-23:59"', answer: "2024-01-01T23:59:00.000Z" },
    { text: '"2024-01-01T00:00:00+23:59"', answer: "2023-12-31T00:01:00.000Z" },
    { text: '"2024-01-01T00:00:00-00:00"', answer: "2024-01-01T00:00:00.000Z" },
    ...["0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"].map(valid),
  ],
  uuid: () => [
    ...[
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "6fa459ea-ee8a-3ca4-894e-db77e160355e",
    ].map(valid),
    { text: '"0190A4F3-5B6C-7D8E-9F01-23456789ABCD"', answer: "0190a4f3-5b6c-7d8e-9f01-23456789abcd" },
  ],
};

const refused: Record<Exclude<Type, "one_of">, () => Invalid[]> = {
  text: () => ["x".repeat(2_001), "😀".repeat(2_001), 1, true, [], {}].map(of),
  integer: () => [
    ...["1", "", true, [], {}].map(of),
    ...["1.5", "1e-1", "0.1", "-1.5", "9007199254740992", "-9007199254740992"].map((text) => invalid(text)),
  ],
  money: () => [
    ...[1999, "1999 EUR", true, [], [1999, "EUR"]].map(of),
    ...[{}, { minor_units: 1 }].map((value) => invalid(JSON.stringify(value), "", "/currency", "/minor_units")),
    invalid('{"currency":"EUR"}', "", "/minor_units"),
    invalid('{"minor_units":1,"currency":"EUR","cents":2}', "", "/cents"),
    invalid('{"Minor_units":1,"currency":"EUR"}', "", "/Minor_units", "/minor_units"),
    ...["1.5", '"1999"', "null", "true", "[]", "9007199254740992"].map((units) =>
      invalid(money(units), "/minor_units"),
    ),
    ...["eur", "EU", "EURO", "ÉUR", "", " EUR", "EUR\n", "EU1"].map((currency) =>
      invalid(JSON.stringify({ minor_units: 1, currency }), "/currency"),
    ),
    ...["null", "978", "true"].map((currency) => invalid(`{"minor_units":1,"currency":${currency}}`, "/currency")),
  ],
  boolean: () => ["true", "", 0, 1, [], {}].map(of),
  date: () =>
    [
      ...["2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-10", "2024-01-00", "0000-01-01"],
      ...[
        "10000-01-01",
        "+2024-01-01",
        "-2024-01-01",
        "2024-1-1",
        "24-01-01",
        "20240101",
        "2024/01/01",
        "2024-W01-1",
        "2024-060",
      ],
      ...["", " 2024-01-01", "2024-01-01 ", "2024-01-01\n", "2024-01-01T00:00:00Z", "２０２４-01-01", "today"],
      ...[20240101, true, [], {}],
    ].map(of),
  timestamp: () =>
    [
      ...[
        "2024-01-01T00:00:60Z",
        "2016-12-31T23:59:60Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-13-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
      ],
      ...[
        "2024-01-01T00:00:00.0001Z",
        "2024-01-01T00:00:00.123456Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00,5Z",
      ],
      ...[
        "2024-01-01T00:00:00",
        "2024-01-01T00:00Z",
        "2024-01-01",
        "2024-01-01 00:00:00Z",
        "20240101T000000Z",
        "2024-01-01T0:00:00Z",
      ],
      ...[
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00+02:60",
        "2024-01-01T00:00:00+0200",
        "2024-01-01T00:00:00+02",
        "2024-01-01T00:00:00 Z",
      ],
      ...["0000-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"],
      ...["", "now", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z\n", 1704067200, 1704067200000, true, [], {}],
    ].map(of),
  uuid: () =>
    [
      ...[
        "0190a4f35b6c7d8e9f0123456789abcd",
        "{0190a4f3-5b6c-7d8e-9f01-23456789abcd}",
        "urn:uuid:0190a4f3-5b6c-7d8e-9f01-23456789abcd",
      ],
      ...[
        "0190a4f3-5b6c-7d8e-9f01-23456789abc",
        "0190a4f3-5b6c-7d8e-9f01-23456789abcde",
        "0190a4f3-5b6c-7d8e-9f01-23456789abcg",
        "0190a4f-35b6c-7d8e-9f01-23456789abcd",
      ],
      ...["", " 0190a4f3-5b6c-7d8e-9f01-23456789abcd", "0190a4f3-5b6c-7d8e-9f01-23456789abcd\n", 1, true, [], {}],
    ].map(of),
};

function oneOfRefused(values: readonly string[]): Invalid[] {
  const [first = ""] = values;
  const near = ["", `${first} `, first.toUpperCase(), `${first}x`, "surely_none_of_them"];
  // Decoders that know unions take a member's name as the key of its content.
  return [...near, 0, true, [first], {}, { [first]: null }, { [first]: {} }].map(of);
}

function money(units: string): string {
  return `{"minor_units":${units},"currency":"EUR"}`;
}

function valid(value: unknown): Valid {
  return { text: JSON.stringify(value), answer: value };
}

/** Its pointers are still those below the field. */
function invalid(text: string, ...at: string[]): Invalid {
  return { text, at: at.length === 0 ? [""] : at };
}

function of(value: unknown): Invalid {
  return invalid(JSON.stringify(value));
}
