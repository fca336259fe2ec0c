import { describe, expect, test } from "vitest";
import { dialect, goName } from "../../../src/compose/languages/go.ts";
import { parseResources } from "../../../src/compose/resource.ts";
import { resourceView, type ServiceView } from "../../../src/compose/view.ts";

const service: ServiceView = {
  name: "depot",
  snake: "depot",
  module: "example.com/depot",
  description: "Keeps things.",
};

/** What the dialect adds to the view of a resource. */
function drawn(text: string) {
  const [resource] = parseResources(text);
  if (!resource) throw new Error(`No resource in "${text}".`);
  return dialect.resource(resourceView(resource, 1)) as {
    members: { declaration: string; presence: string; reader: string }[];
    columns: { column: string; target: string; placeholder: string; sqlite: string }[];
    [key: string]: unknown;
  };
}

test.each([
  ["label", "Label"],
  ["weight_grams", "WeightGrams"],
  ["id", "ID"],
  ["owner_id", "OwnerID"],
  ["url", "URL"],
  ["http_url_path", "HTTPURLPath"],
  ["type", "Type"],
  ["identity", "Identity"],
  ["a__b_", "AB"],
  ["line_2", "Line2"],
  ["x_position", "XPosition"],
  ["u_r_l", "U_R_L"],
  ["u_id", "U_ID"],
])("%s is %s in Go", (snake, name) => {
  expect(goName(snake)).toBe(name);
});

describe("a resource", () => {
  test("has a struct in the columns of gofmt", () => {
    expect(drawn("x a:text owner_id:uuid? price:money").members.map(({ declaration }) => declaration)).toEqual([
      'A       string      `json:"a"`',
      'OwnerID *uuid.UUID  `json:"owner_id"`',
      'Price   value.Money `json:"price"`',
    ]);
  });

  test("reads each field by its type", () => {
    expect(drawn("x a:one_of(draft,sent) b:one_of(raw)? c:timestamp").members).toMatchObject([
      { presence: "Required", reader: 'OneOf("draft", "sent")' },
      { presence: "Nullable", reader: 'OneOf("raw")' },
      { presence: "Required", reader: "Timestamp" },
    ]);
  });

  test("keeps money in two columns, and numbers the placeholders of all", () => {
    const { columns, ...rest } = drawn("x price:money refund:money? note:text?");
    expect(columns).toEqual([
      { column: "price_minor_units", target: "&f.Price.MinorUnits", placeholder: "$2", sqlite: "INTEGER NOT NULL" },
      { column: "price_currency", target: "&f.Price.Currency", placeholder: "$3", sqlite: "TEXT NOT NULL" },
      { column: "refund_minor_units", target: "value.MinorUnits{Of: &f.Refund}", placeholder: "$4", sqlite: "INTEGER" },
      { column: "refund_currency", target: "value.Currency{Of: &f.Refund}", placeholder: "$5", sqlite: "TEXT" },
      { column: "note", target: "&f.Note", placeholder: "$6", sqlite: "TEXT" },
    ]);
    expect(rest).toMatchObject({
      placeholders: "$1, $2, $3, $4, $5, $6, $7, $8, $9",
      createdAt: "$7",
      updatedAt: "$8",
      nextVersion: "$9",
    });
  });

  test("compares what may be null by its value", () => {
    expect(drawn("x a:text b:date?").comparison).toBe("f.A == other.A &&\n\t\tvalue.Equal(f.B, other.B)");
  });

  test.each([
    ["x a:text b:integer c:boolean d:one_of(e)", false, false],
    ["x a:text?", false, true],
    ["x a:date", false, true],
    ["x a:uuid", true, false],
  ])("%s imports no more than it needs", (text, usesUUID, usesValue) => {
    expect(drawn(text)).toMatchObject({ usesUUID, usesValue });
  });
});

test("registrations are sorted as gofmt sorts imports", () => {
  const views = parseResources("zebra a:text; apple a:text; app a:text").map((resource) => resourceView(resource, 1));
  expect(dialect.service(service, views)).toEqual({
    hasResources: true,
    registrations: [{ package: "apples" }, { package: "apps" }, { package: "zebras" }],
  });
  expect(dialect.service(service, [])).toEqual({ hasResources: false, registrations: [] });
});

test("the service is what the build leaves behind", () => {
  const { build, start } = dialect.commands(service);
  expect(build).toContain("-o bin/depot ./cmd/depot");
  expect(start).toBe("./bin/depot");
});
