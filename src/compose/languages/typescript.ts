import type { FieldType } from "../../model/resource.ts";
import type { FieldView, JsonValue, ResourceView } from "../view.ts";
import { installsLocked, managerOf, runs } from "../workspace.ts";
import type { Dialect } from "./dialect.ts";

/** As in the emitted `biome.json`. */
const lineWidth = 120;

export const dialect: Dialect = {
  commands(_service, workspace) {
    const manager = managerOf(workspace);
    return {
      setup: installsLocked[manager],
      "format-check": `${runs[manager]} format-check`,
      lint: `${runs[manager]} lint`,
      test: manager === "npm" ? "npm test" : `${runs[manager]} test`,
      build: `${runs[manager]} build`,
      start: "node src/main.ts",
    };
  },
  resource: ({ fields }) => ({
    schemaImports: schemaImportsOf(fields),
    columns: fields.flatMap(columnsOf),
    change: changeOf(fields),
  }),
  field: (field) => ({ key: keyOf(field.name), schema: schemaOf(field), literal: literal(field.sample) }),
  service: (_service, resources, { features = [], workspace } = {}) => ({
    hasNxAbove: workspace?.memberOf.some(({ nx }) => nx) ?? false,
    hasBiomeAbove: workspace?.inherits.includes("biome") ?? false,
    isBundled: features.some(({ id }) => id === "small-image"),
    registrations: registrationsOf(resources),
    resourceImports: importsOf(resources),
  }),
  reservedResources: [],
  reservedServices: ["fastify", "pg", "pino", "typescript", "node"],
};

/** What `fields.ts` imports from `schema.ts`; a choice is spelled out where it stands. */
function schemaImportsOf(fields: readonly FieldView[]): string {
  const types = fields.map(({ type }) => type).filter((type) => type !== "one_of");
  const names = [
    ...new Set(["columnsOf", "type InputOf", "inputSchema", "representationSchema", "type Values", ...types]),
  ];
  const sorted = names.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const line = `{ ${sorted.join(", ")} }`;
  if (`import ${line} from "../schema.ts";`.length <= lineWidth) return line;
  return `{\n${sorted.map((name) => `  ${name},\n`).join("")}}`;
}

const sortKey = (name: string) => name.replace("type ", "").toLowerCase();

const jsonTypes: Readonly<Record<Exclude<FieldType, "one_of">, string>> = {
  text: "string",
  integer: "integer",
  money: "object",
  boolean: "boolean",
  date: "string",
  timestamp: "string",
  uuid: "string",
};

function schemaOf({ type, nullable, values }: FieldView): string {
  if (type !== "one_of") return nullable ? `{ ...${type}, type: ["${jsonTypes[type]}", "null"] }` : type;
  const members = [...values.map((value) => `"${value}"`), ...(nullable ? ["null"] : [])];
  const jsonType = nullable ? '["string", "null"]' : '"string"';
  return `{\n    type: ${jsonType},\n    ${property("enum", members)},\n  }`;
}

/** A member of an object two levels deep, whose list the formatter keeps on one line when it fits. */
function property(name: string, members: readonly string[]): string {
  const line = `${name}: [${members.join(", ")}]`;
  if (`    ${line},`.length <= lineWidth) return line;
  return `${name}: [\n${members.map((member) => `      ${member},\n`).join("")}    ]`;
}

interface Column {
  readonly name: string;
  readonly sqliteType: string;
  readonly postgresType: string;
}

const sqliteTypes: Readonly<Record<Exclude<FieldType, "money">, string>> = {
  text: "TEXT",
  integer: "INTEGER",
  boolean: "INTEGER",
  date: "TEXT",
  timestamp: "TEXT",
  uuid: "TEXT",
  one_of: "TEXT",
};

const postgresTypes: typeof sqliteTypes = {
  text: "text",
  integer: "bigint",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamptz(3)",
  uuid: "uuid",
  one_of: "text",
};

function columnsOf({ name, type, nullable }: FieldView): Column[] {
  const suffix = nullable ? "" : " NOT NULL";
  const column = (named: string, of: keyof typeof sqliteTypes): Column => ({
    name: named,
    sqliteType: `${sqliteTypes[of]}${suffix}`,
    postgresType: `${postgresTypes[of]}${suffix}`,
  });
  if (type !== "money") return [column(name, type)];
  return [column(`${name}_minor_units`, "integer"), column(`${name}_currency`, "text")];
}

/** A field and another value for it; where every field is a choice of one, nothing can change. */
function changeOf(fields: readonly FieldView[]): { readonly key: string; readonly literal: string } | false {
  const field = fields.find(({ sample, changed }) => literal(sample) !== literal(changed));
  return field ? { key: keyOf(field.name), literal: literal(field.changed) } : false;
}

/** The linter warns of objects that could pass for promises; a value of JSON is no function, and cannot. */
const keyOf = (name: string) =>
  name === "then" ? `// biome-ignore lint/suspicious/noThenProperty: JSON has no functions\n  ${name}` : name;

/** A value as the formatter writes it. */
function literal(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`);
  return `{ ${members.join(", ")} }`;
}

const registrationsOf = (resources: readonly ResourceView[]) =>
  [...resources].sort((a, b) => inOrder(routesOf(a), routesOf(b)));

/** What `resources.ts` imports from beside it, in the linter's order. */
function importsOf(resources: readonly ResourceView[]): { readonly line: string }[] {
  const routes = resources.map((resource) => ({
    path: routesOf(resource),
    line: `import { ${resource.camel}Routes } from "${routesOf(resource)}";`,
  }));
  const database = { path: "./database.ts", line: 'import type { Database } from "./database.ts";' };
  return [...routes, database].sort((a, b) => inOrder(a.path, b.path)).map(({ line }) => ({ line }));
}

const routesOf = ({ kebabs }: ResourceView) => `./${kebabs}/routes.ts`;

/** By code unit, but for numbers, which compare as such. */
function inOrder(a: string, b: string): number {
  const padded = (path: string) => path.replaceAll(/\d+/g, (digits) => digits.padStart(30, "0"));
  return padded(a) < padded(b) ? -1 : 1;
}
