import type { FieldType } from "../../model/resource.ts";
import type { Workspace } from "../../model/workspace.ts";
import type { FieldView } from "../view.ts";
import type { Dialect } from "./dialect.ts";

export const dialect: Dialect = {
  commands: ({ name }, workspace) => ({
    setup: `${goIn(workspace)} mod download`,
    "format-check": "gofmt -d .",
    lint: `${goIn(workspace)} vet ./... && ${goIn(workspace)} tool staticcheck ./...`,
    test: `${goIn(workspace)} test ./...`,
    build: `${goIn(workspace)} build -mod=readonly -ldflags=-s -o bin/${name} ./cmd/${name}`,
    start: `./bin/${name}`,
  }),
  field: () => ({}),
  resource: ({ fields }) => {
    const columns = ["id", ...fields.flatMap(columnsOf).map(({ column }) => column), ...serverColumns];
    const placeholder = (column: string) => `$${columns.indexOf(column) + 1}`;
    return {
      members: membersOf(fields),
      columns: fields.flatMap(columnsOf).map((column) => ({ ...column, placeholder: placeholder(column.column) })),
      placeholders: columns.map(placeholder).join(", "),
      updatedAt: placeholder("updated_at"),
      nextVersion: placeholder("version"),
      samples: samplesOf(fields),
      ...importsOf(fields),
      usesValue: fields.some(({ type }) => types[type].startsWith("value.")),
    };
  },
  service: (_service, resources) => ({
    hasResources: resources.length > 0,
    registrations: resources.map(({ flats }) => ({ package: flats })).sort((a, b) => (a.package < b.package ? -1 : 1)),
  }),
  reservedResources: ["schema_migrations", "testdata"],
  reservedServices: ["internal", "testdata", "vendor"],
};

/** A module that a go.work does not list is built as if there were none. */
const goIn = (workspace?: Workspace) => (workspace?.apartFrom.includes("go") ? "GOWORK=off go" : "go");

/** Columns of every table behind those of the fields; the last is never changed. */
const serverColumns = ["updated_at", "version", "created_at"];

const types: Readonly<Record<FieldType, string>> = {
  text: "string",
  integer: "int64",
  money: "value.Money",
  boolean: "bool",
  date: "value.Date",
  timestamp: "value.Timestamp",
  uuid: "uuid.UUID",
  one_of: "string",
};

const readers: Readonly<Record<Exclude<FieldType, "one_of">, string>> = {
  text: "Text",
  integer: "Integer",
  money: "Money",
  boolean: "Boolean",
  date: "Date",
  timestamp: "Timestamp",
  uuid: "UUID",
};

/** The words that Go's linters want in capitals. */
const initialisms = new Set(
  "acl api ascii cpu css dns eof guid html http https id ip json qps ram rpc sla smtp sql ssh tcp tls ttl udp ui gid uid uuid uri url utf8 vm xml xmpp xsrf xss".split(
    " ",
  ),
);

/** `owner_id` → `OwnerID`; exported, and so never a keyword. `u_r_l` is not `url`: it stays `U_R_L`. */
export function goName(snake: string): string {
  const words = snake
    .split("_")
    .map((word) => (initialisms.has(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)));
  const joined = (word: string, before?: string) =>
    before?.length === 1 && word !== "" && word === word.toUpperCase() ? `_${word}` : word;
  return words.map((word, index) => joined(word, words[index - 1])).join("");
}

function membersOf(fields: readonly FieldView[]) {
  const names = fields.map(({ name }) => goName(name));
  const goTypes = fields.map(goTypeOf);
  return fields.map((field, index) => {
    const name = pad(names, index);
    const type = pad(goTypes, index);
    return {
      name: names[index],
      wire: field.name,
      declaration: `${name} ${type} \`json:"${field.name}"\``,
      presence: field.nullable ? "Nullable" : "Required",
      reader: readerOf(field),
    };
  });
}

/** gofmt aligns the columns of a struct. */
function pad(column: readonly string[], index: number): string {
  const width = Math.max(...column.map((cell) => cell.length));
  return (column[index] ?? "").padEnd(width);
}

function goTypeOf({ type, nullable }: FieldView): string {
  return nullable ? `*${types[type]}` : types[type];
}

function readerOf({ type, values }: FieldView): string {
  return type === "one_of" ? `OneOf(${values.map((value) => `"${value}"`).join(", ")})` : readers[type];
}

/** What the package of the resource needs of the standard library. */
function importsOf(fields: readonly FieldView[]) {
  const hasNullableMoney = fields.some(({ type, nullable }) => type === "money" && nullable);
  const usesUUID = fields.some(({ type }) => type === "uuid");
  const imports = [...(hasNullableMoney ? ["database/sql/driver", "fmt"] : []), ...(usesUUID ? ["uuid"] : [])];
  return { hasNullableMoney, imports, hasImports: imports.length > 0 };
}

/** For the tests: a line of a body, and the field as a client sees it. */
function samplesOf(fields: readonly FieldView[]) {
  return fields.map(({ name, nullable, sample, changed, last }) => ({
    line: `"${name}": ${JSON.stringify(sample)}${last ? "" : ","}`,
    member: `{"${name}", ${nullable}, \`${JSON.stringify(changed)}\`}`,
  }));
}

/** The columns of one field, each with what points at its value in a record; money takes two. */
function columnsOf({ name, type, nullable }: FieldView) {
  const target = `&f.${goName(name)}`;
  const columnTypes = ({ sqlite, postgres }: ColumnTypes) =>
    nullable ? { sqlite, postgres } : { sqlite: `${sqlite} NOT NULL`, postgres: `${postgres} NOT NULL` };
  if (type !== "money") return [{ column: name, target, ...columnTypes(databaseTypes[type]) }];
  return [
    {
      column: `${name}_minor_units`,
      target: nullable ? `moneyColumn[int64]{${target}, minorUnits}` : `${target}.MinorUnits`,
      ...columnTypes(databaseTypes.integer),
    },
    {
      column: `${name}_currency`,
      target: nullable ? `moneyColumn[string]{${target}, currency}` : `${target}.Currency`,
      ...columnTypes(databaseTypes.text),
    },
  ];
}

interface ColumnTypes {
  readonly sqlite: string;
  readonly postgres: string;
}

const databaseTypes: Readonly<Record<Exclude<FieldType, "money">, ColumnTypes>> = {
  text: { sqlite: "TEXT", postgres: "text" },
  integer: { sqlite: "INTEGER", postgres: "bigint" },
  boolean: { sqlite: "INTEGER", postgres: "boolean" },
  date: { sqlite: "TEXT", postgres: "date" },
  timestamp: { sqlite: "INTEGER", postgres: "timestamptz(3)" },
  uuid: { sqlite: "TEXT", postgres: "uuid" },
  one_of: { sqlite: "TEXT", postgres: "text" },
};
