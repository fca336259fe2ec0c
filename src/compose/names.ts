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

/** Members of every service's answers. */
const modulePattern = /^[a-z0-9][a-z0-9.-]*(?:\/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])*$/;

/** @throws Problem with a name that would be valid everywhere: as crate, Go module, npm package, image and folder. */
export function checkServiceName(name: string, language: Language): void {
  if (!servicePattern.test(name) || name.length > longestName) {
    const suggestion = suggestName(name);
    throw new Problem(
      `"${name}" cannot name a crate, a Go module and an npm package at once.`,
      `Use up to ${longestName} lower-case letters, digits and single hyphens, starting with a letter${suggestion ? `, such as "${suggestion}"` : ""}.`,
    );
  }
  if (windowsDevices.includes(name) || ownRoutes.includes(name) || dialects[language].reservedServices.includes(name)) {
    throw new Problem(
      `The name "${name}" is taken by something that the service is built with.`,
      `Choose another, such as "${name}-service".`,
    );
  }
}

/** The nearest name that `checkServiceName` takes, or "". */
export function suggestName(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, longestName)
    .replace(/-+$/, "");
}

/** @throws Problem when Go could not fetch the module by this path. */
export function checkModule(module: string): void {
  if (!modulePattern.test(module) || module.length > 100) {
    throw new Problem(
      `"${module}" is not a Go module path.`,
      "Write it as a host and a path, such as github.com/acme/billing.",
    );
  }
}

/** @throws Problem when a resource's names meet those of the service, of the language or of another resource. */
export function checkResources(resources: readonly Resource[], language: Language): void {
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
