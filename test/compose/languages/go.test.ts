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
    columns: { column: string; target: string; placeholder: string; sqlite: string; postgres: string }[];
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
    expect(columns).toMatchObject([
      { column: "price_minor_units", target: "&f.Price.MinorUnits", placeholder: "$2" },
      { column: "price_currency", target: "&f.Price.Currency", placeholder: "$3" },
      { column: "refund_minor_units", target: "moneyColumn[int64]{&f.Refund, minorUnits}", placeholder: "$4" },
      { column: "refund_currency", target: "moneyColumn[string]{&f.Refund, currency}", placeholder: "$5" },
      { column: "note", target: "&f.Note", placeholder: "$6" },
    ]);
    expect(rest).toMatchObject({
      placeholders: "$1, $2, $3, $4, $5, $6, $7, $8, $9",
      updatedAt: "$7",
      nextVersion: "$8",
    });
  });

  test("has the types of each database in its columns", () => {
    const { columns } = drawn("x paid_at:timestamp done:boolean? price:money");
    expect(columns.map(({ sqlite }) => sqlite)).toEqual([
      "INTEGER NOT NULL",
      "INTEGER",
      "INTEGER NOT NULL",
      "TEXT NOT NULL",
    ]);
    expect(columns.map(({ postgres }) => postgres)).toEqual([
      "timestamptz(3) NOT NULL",
      "boolean",
      "bigint NOT NULL",
      "text NOT NULL",
    ]);
  });

  test.each([
    ["x a:text b:integer c:boolean d:one_of(e)", [], false],
    ["x a:date", [], true],
    ["x a:uuid", ["uuid"], false],
    ["x a:money", [], true],
    ["x a:money? b:uuid?", ["database/sql/driver", "fmt", "uuid"], true],
  ])("%s imports no more than it needs", (text, imports, usesValue) => {
    expect(drawn(text)).toMatchObject({ imports, usesValue });
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
