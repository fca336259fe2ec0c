import type { Database } from "../model/choices.ts";
import type { Resource } from "../model/resource.ts";
import type { Language } from "../model/verdict.ts";
import { Problem } from "../problem.ts";
import { camelOf, formsOf, pascalOf } from "./forms.ts";
import { dialects } from "./languages/dialects.ts";

const servicePattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const longestName = 30;

/** File names that Windows keeps for devices, whatever their ending. */
const windowsDevices = [
  "con",
  "prn",
  "aux",
  "nul",
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => [`com${n}`, `lpt${n}`]),
];

/** Paths of every service's own routes and folders. */
const ownRoutes = ["livez", "readyz", "openapi", "health", "node_modules", "favicon"];

/** What Cargo, rustc, the go command and npm keep for themselves; a service may be written anew in another language. */
const toolNames = [
  ..."abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe unsized use virtual where while yield".split(
    " ",
  ),
  ..."alloc build core deps examples incremental proc-macro std test".split(" "),
  ..."all cmd internal main testdata tool vendor work".split(" "),
  ..."assert buffer cluster console constants crypto dgram dns domain events fs http http2 https inspector module net os path perf-hooks process punycode querystring readline repl sqlite stream string-decoder sys timers tls tty url util v8 vm wasi zlib".split(
    " ",
  ),
];

/** @throws Problem with a name that would be valid everywhere: as crate, Go module, npm package, image and folder. */
export function checkServiceName(name: string, language: Language): void {
  if (!servicePattern.test(name) || name.length > longestName) {
    throw new Problem(
      `"${name}" cannot name a crate, a Go module, an npm package and a container image at once.`,
      `Use up to ${longestName} lower-case letters, digits and single hyphens, starting with a letter, such as "${suggestName(name)}".`,
    );
  }
  if (isTaken(name) || dialects[language].reservedServices.includes(name)) throw takenName(name);
}

/** @throws Problem when a package of the service's own dependencies has its name: no lockfile can hold both. */
export function checkAgainstPackages(name: string, packages: readonly string[]): void {
  const crate = (text: string) => text.replaceAll("-", "_");
  if (packages.some((locked) => crate(locked) === crate(name))) throw takenName(name);
}

const isTaken = (name: string) => [...windowsDevices, ...ownRoutes, ...toolNames].includes(name);

function takenName(name: string): Problem {
  return new Problem(
    `The name "${name}" is taken by something that the service is built with.`,
    `Choose another, such as "${suffixed(name)}".`,
  );
}

const suffixed = (name: string) => `${name.slice(0, longestName - "-service".length).replace(/-$/, "")}-service`;

/** The nearest name that any service may have; "My App!!" gives my-app. */
export function suggestName(text: string): string {
  const name = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, longestName)
    .replace(/-+$/, "");
  if (name === "") return "my-service";
  return isTaken(name) ? suffixed(name) : name;
}

/** @throws Problem when Go could not fetch the module by this path. */
export function checkModule(module: string): void {
  const [host = "", ...rest] = module.split("/");
  const isPath =
    /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(host) && rest.every(isModuleElement) && !/\/v[01]$/.test(module);
  if (!isPath || module.length > 100) {
    throw new Problem(
      `"${module}" is not a Go module path.`,
      "Write it as a host and a path, such as github.com/acme/billing.",
    );
  }
}

/** As golang.org/x/mod has it: no dot at an end, no device of Windows and none of its short names. */
function isModuleElement(element: string): boolean {
  if (!/^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/.test(element) || element.endsWith(".")) return false;
  return !/~\d+$/.test(element) && !windowsDevices.includes((element.split(".", 1)[0] ?? "").toLowerCase());
}

/** @throws Problem when a resource's names meet those of the service, of the language or of another resource. */
export function checkResources(resources: readonly Resource[], language: Language, database: Database): void {
  const taken = new Map<string, string>();
  const reserved = [...windowsDevices, ...ownRoutes, ...dialects[language].reservedResources];
  for (const { name, fields } of resources) {
    const forms = formsOf(name);
    if ([forms.snake, forms.snakes, forms.flat, forms.flats].some((form) => reserved.includes(form))) {
      throw new Problem(
        `The resource name "${name}" is reserved in a ${language} service.`,
        `Choose another, such as "${name.slice(0, 25)}_item".`,
      );
    }
    if (forms.snakes.startsWith("sqlite_")) {
      throw new Problem(`SQLite keeps names that start with "sqlite_" to itself.`, `Rename the resource "${name}".`);
    }
    if (database === "postgres")
      checkAgainstPostgres(
        name,
        fields.map((field) => field.name),
      );
    for (const form of new Set([forms.snake, forms.snakes, forms.flat, forms.flats])) {
      const other = taken.get(form);
      if (other !== undefined && other !== name) {
        throw new Problem(
          `The resources "${other}" and "${name}" would share the name "${form}".`,
          "Rename one of the two.",
        );
      }
      taken.set(form, name);
    }
    checkColumns(
      name,
      fields.flatMap((field) =>
        field.type === "money" ? [`${field.name}_minor_units`, `${field.name}_currency`] : [field.name],
      ),
    );
    checkIdentifiers(
      name,
      fields.map((field) => field.name),
    );
  }
}

/** Columns that PostgreSQL gives every table; `oid` is none since version 12, but one to many tools. */
const systemColumns = ["cmax", "cmin", "ctid", "oid", "tableoid", "xmax", "xmin"];

function checkAgainstPostgres(resource: string, fields: readonly string[]): void {
  if (resource.startsWith("pg_")) {
    throw new Problem(`PostgreSQL keeps names that start with "pg_" to itself.`, `Rename the resource "${resource}".`);
  }
  const taken = fields.find((field) => systemColumns.includes(field));
  if (taken !== undefined) {
    throw new Problem(
      `PostgreSQL has a column "${taken}" of its own in every table.`,
      `Rename the field of "${resource}", such as "${taken}_value".`,
    );
  }
}

/** Columns of every table beside the fields'. */
const ownColumns = ["id", "created_at", "updated_at", "version"];

function checkColumns(resource: string, columns: readonly string[]): void {
  const clash = columns.find((column, index) => columns.indexOf(column) !== index || ownColumns.includes(column));
  if (clash !== undefined) {
    throw new Problem(
      `Two columns of "${resource}" would be called "${clash}".`,
      "Rename the field; money takes the columns NAME_minor_units and NAME_currency.",
    );
  }
}

function checkIdentifiers(resource: string, fields: readonly string[]): void {
  const seen = new Map<string, string>([
    ["Id", "id"],
    ["CreatedAt", "created_at"],
    ["UpdatedAt", "updated_at"],
    ["Version", "version"],
  ]);
  for (const field of fields) {
    const identifier = pascalOf(field);
    const other = seen.get(identifier);
    if (other !== undefined) {
      throw new Problem(
        `The fields "${other}" and "${field}" of "${resource}" are both ${camelOf(field)} in code.`,
        "Rename one of the two.",
      );
    }
    seen.set(identifier, field);
  }
}
