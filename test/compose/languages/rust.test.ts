import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dialect } from "../../../src/compose/languages/rust.ts";
import { parseResources } from "../../../src/compose/resource.ts";
import { resourceView, type ServiceView } from "../../../src/compose/view.ts";

const service: ServiceView = {
  name: "depot",
  snake: "depot",
  module: "example.com/depot",
  description: "Keeps things.",
};

const templates = new URL("../../../templates/rust/", import.meta.url);

function view(text: string) {
  const [resource] = parseResources(text);
  if (!resource) throw new Error(`No resource in "${text}".`);
  return resourceView(resource, 1);
}

/** What the dialect adds to the view of each field. */
function fields(text: string) {
  const resource = view(text);
  return resource.fields.map((field) => dialect.field(field, resource));
}

describe("a field", () => {
  test.each([
    ["label", "label", false],
    ["type", "r#type", false],
    ["gen", "r#gen", false],
    ["self", "self_", true],
    ["crate", "crate_", true],
    ["super", "super_", true],
    ["a__b", "a_b", true],
    ["self__", "self_", true],
  ])("%s is %s in Rust", (name, identifier, renamed) => {
    expect(fields(`x ${name}:text`)).toMatchObject([{ identifier, renamed }]);
  });

  test.each([
    ["text", "String", false],
    ["integer", "i64", true],
    ["money", "Money", false],
    ["boolean", "bool", false],
    ["date", "NaiveDate", true],
    ["timestamp", "DateTime<Utc>", true],
    ["uuid", "Uuid", true],
    ["one_of(x)", "A", false],
  ])("of the type %s is a %s", (type, rustType, wired) => {
    expect(fields(`x a:${type} b:${type}?`)).toMatchObject([
      { rustType, wired },
      { rustType: `Option<${rustType.replace(/^A$/, "B")}>`, wired },
    ]);
  });

  test("never takes the name of a type that its file uses", () => {
    expect(fields("x option:one_of(a) string:one_of(a)? order:one_of(a)")).toMatchObject([
      { enumeration: "Option_", rustType: "Option_" },
      { enumeration: "String_", rustType: "Option<String_>" },
      { enumeration: "Order", rustType: "Order" },
    ]);
  });

  test("has a variant for each of its values", () => {
    expect(fields("x a:one_of(draft,self,in_transit,a_1,a1)")).toMatchObject([
      {
        variants: [
          { variant: "Draft", value: "draft" },
          { variant: "Self_", value: "self" },
          { variant: "InTransit", value: "in_transit" },
          { variant: "A1", value: "a_1" },
          { variant: "A1_", value: "a1" },
        ],
      },
    ]);
  });
});

describe("a resource", () => {
  test("keeps money in two columns, and numbers placeholders behind those of every record", () => {
    expect(dialect.resource(view("x price:money note:text?"))).toMatchObject({
      columns: [
        { column: "price_minor_units", sqliteType: "INTEGER NOT NULL", postgresType: "bigint NOT NULL", inserted: 5 },
        { column: "price_currency", sqliteType: "TEXT NOT NULL", postgresType: "text NOT NULL", updated: 5 },
        { column: "note", sqliteType: "TEXT", postgresType: "text", inserted: 7, updated: 6, last: true },
      ],
    });
  });

  test.each([
    ["x a:text", ["serde::{Deserialize, Serialize}", "sqlx::{FromRow, Row as _}"]],
    ["x a:money", ["serde::{Deserialize, Serialize}", "sqlx::FromRow"]],
    [
      "x a:date b:uuid",
      ["chrono::NaiveDate", "serde::{Deserialize, Serialize}", "sqlx::{FromRow, Row as _}", "uuid::Uuid"],
    ],
    [
      "x a:timestamp b:date?",
      ["chrono::{DateTime, NaiveDate, Utc}", "serde::{Deserialize, Serialize}", "sqlx::{FromRow, Row as _}"],
    ],
  ])("%s imports what it uses", (text, libraryImports) => {
    expect(dialect.resource(view(text))).toMatchObject({ libraryImports });
  });
});

describe("a service", () => {
  test("registers its resources in the order of rustfmt, which is that of the characters", () => {
    const names = ["b", "a9", "a10", "aa", "a_b", "a"];
    const { registrations } = dialect.service(
      service,
      names.map((name) => view(`${name} x:text`)),
    ) as { registrations: { module: string }[] };
    expect(registrations.map(({ module }) => module)).toEqual(["a10s", "a9s", "a_bs", "aas", "r#as", "bs"]);
  });

  test("says where a module's name is not one that the compiler likes", () => {
    expect(dialect.service(service, [view("a__b x:text")])).toMatchObject({
      hasResources: true,
      registrations: [{ module: "a__bs", unusual: true }],
    });
    expect(dialect.service(service, [])).toMatchObject({ hasResources: false, registrations: [] });
  });

  test.each(["sqlite", "postgres"])("on %s is never called like a package that it locks", (database) => {
    const lock = readFileSync(new URL(`database-${database}/Cargo.lock`, templates), "utf8");
    const locked = [...lock.matchAll(/^name = "(.*)"$/gm)].map(([, name]) => name);
    expect(dialect.reservedServices).toEqual(expect.arrayContaining(locked.filter((name) => name !== "depot-service")));
  });
});
