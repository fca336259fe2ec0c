import { describe, expect, test } from "vitest";
import { dialect } from "../../../src/compose/languages/typescript.ts";
import { parseResources } from "../../../src/compose/resource.ts";
import { resourceView } from "../../../src/compose/view.ts";

function viewsOf(text: string) {
  return parseResources(text).map((resource, index) => resourceView(resource, index + 1));
}

/** What the dialect adds to the only resource of a text. */
function added(text: string) {
  const [resource] = viewsOf(text);
  if (!resource) throw new Error(`${text} is no resource.`);
  return {
    resource: dialect.resource(resource) as Record<string, unknown>,
    fields: resource.fields.map((field) => dialect.field(field, resource) as Record<string, string>),
  };
}

const schemaOf = (field: string) => added(`item ${field}`).fields[0]?.schema;

describe("the schema of a field", () => {
  test.each([
    ["a:text", "text"],
    ["a:integer?", '{ ...integer, type: ["integer", "null"] }'],
    ["a:money?", '{ ...money, type: ["object", "null"] }'],
    ["a:boolean?", '{ ...boolean, type: ["boolean", "null"] }'],
    ["a:uuid?", '{ ...uuid, type: ["string", "null"] }'],
    ["a:one_of(x,y)", '{\n    type: "string",\n    enum: ["x", "y"],\n  }'],
    ["a:one_of(x)?", '{\n    type: ["string", "null"],\n    enum: ["x", null],\n  }'],
  ])("%s", (field, schema) => expect(schemaOf(field)).toBe(schema));

  test("a list stays on its line up to 120 columns, and not beyond", () => {
    const members = [..."abcdefghij"].map((letter) => letter.repeat(6)).join(",");
    const list = (last: string) => schemaOf(`a:one_of(${members},${last})`)?.split("\n").slice(2, -1) ?? [];
    expect(list("lllll")).toHaveLength(1);
    expect(list("lllll")[0]).toHaveLength(120);
    expect(list("llllll")).toHaveLength(13);
  });
});

describe("names", () => {
  test("a member `then` tells the linter why", () => {
    expect(added("item then:text").fields[0]?.key).toMatch(/^\/\/ biome-ignore .*\n {2}then$/);
    expect(added("item constructor:text").fields[0]?.key).toBe("constructor");
  });

  test("registrations are sorted by path", () => {
    const { registrations } = dialect.service({} as never, viewsOf("zebra a:text; apple_pie a:text; apple a:text")) as {
      registrations: { snake: string }[];
    };
    expect(registrations.map(({ snake }) => snake)).toEqual(["apple_pie", "apple", "zebra"]);
  });
});

test("what is imported is what is used, in the linter's order", () => {
  expect(added("item a:text b:text? c:money d:one_of(x)").resource.schemaImports).toBe(
    "{ columnsOf, type InputOf, inputSchema, money, representationSchema, text, type Values }",
  );
  const every = "item a:text b:integer c:money d:boolean e:date f:timestamp g:uuid";
  expect(added(every).resource.schemaImports).toMatch(
    /^\{\n {2}boolean,\n {2}columnsOf,\n {2}date,\n {2}type InputOf,\n/,
  );
});

test("money takes two columns, and what may be null says so", () => {
  expect(added("item a:money? b:boolean c:timestamp?").resource.columns).toEqual([
    { name: "a_minor_units", sqliteType: "INTEGER", postgresType: "bigint" },
    { name: "a_currency", sqliteType: "TEXT", postgresType: "text" },
    { name: "b", sqliteType: "INTEGER NOT NULL", postgresType: "boolean NOT NULL" },
    { name: "c", sqliteType: "TEXT", postgresType: "timestamptz(3)" },
  ]);
});

describe("the change that the tests make", () => {
  test.each([
    ["item a:text b:integer", { key: "a", literal: '"second"' }],
    ["item a:one_of(x) b:integer", { key: "b", literal: "2" }],
    ["item a:one_of(x)", false],
    ["item a:money", { key: "a", literal: '{ minor_units: 2500, currency: "EUR" }' }],
  ])("%s", (text, change) => expect(added(text).resource.change).toEqual(change));
});

test("start becomes the service", () => {
  expect(dialect.commands({} as never).start).toBe("node src/main.ts");
});
