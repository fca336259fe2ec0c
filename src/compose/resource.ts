import { type Field, type FieldType, fieldTypes, type Resource } from "../model/resource.ts";
import { nearest } from "../nearest.ts";
import { Problem } from "../problem.ts";

const namePattern = /^[a-z][a-z0-9_]{0,29}$/;
const nameHint = "Use 1 to 30 lower-case letters, digits and underscores, starting with a letter.";
const mostResources = 20;
const mostFields = 20;
const mostMembers = 50;

/** What other tools call our types. */
const elsewhere: Readonly<Record<string, FieldType>> = {
  bigint: "integer",
  bool: "boolean",
  datetime: "timestamp",
  decimal: "money",
  enum: "one_of",
  guid: "uuid",
  int: "integer",
  number: "integer",
  str: "text",
  string: "text",
  varchar: "text",
};

/** Members that the service itself gives to every resource. */
const serverOwned = ["id", "created_at", "updated_at"];

/**
 * Reads `invoice number:text amount:money note:text? status:one_of(draft,sent)`; several resources are separated by `;`.
 * @throws Problem naming the part that cannot be read.
 */
export function parseResources(text: string): Resource[] {
  const resources = text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(parseResource);
  if (resources.length === 0)
    throw new Problem("The resource is empty.", 'Write it as "item name:text quantity:integer".');
  if (resources.length > mostResources)
    throw new Problem(`There are ${resources.length} resources.`, `Give 1 to ${mostResources}.`);
  const twice = repeated(resources.map((resource) => resource.name));
  if (twice) throw new Problem(`The resource "${twice}" is given twice.`, "Give each resource a name of its own.");
  return resources;
}

function parseResource(text: string): Resource {
  const [name = "", ...parts] = text.replaceAll(/\s*,\s*/g, ",").split(/\s+/);
  checkName("resource", name);
  if (parts.length === 0 || parts.length > mostFields) {
    throw new Problem(
      `The resource "${name}" has ${parts.length} fields.`,
      `Give it 1 to ${mostFields}, such as "${name} name:text quantity:integer".`,
    );
  }
  const fields = parts.map((part) => parseField(part, name));
  const twice = repeated(fields.map((field) => field.name));
  if (twice) throw new Problem(`The field "${twice}" of "${name}" is given twice.`, "Remove one of the two.");
  return { name, fields };
}

function parseField(text: string, resource: string): Field {
  const [name = "", rawType = "", ...rest] = text.split(":");
  checkName("field", name);
  if (serverOwned.includes(name)) {
    throw new Problem(
      `The field "${name}" of "${resource}" is made by the service itself.`,
      "Leave it out, or give it another name.",
    );
  }
  const match = /^([a-z_]+)(?:\(([^()]*)\))?(\?)?$/.exec(rawType);
  if (!match || rest.length > 0) {
    throw new Problem(
      `"${text}" of "${resource}" is not a field.`,
      `Write it as name:type, such as ${name || "name"}:text.`,
    );
  }
  const [, type = "", members, question] = match;
  if (!isFieldType(type)) {
    throw new Problem(
      `"${type}" is not a type, in the field "${name}" of "${resource}".`,
      `${typeMeant(type)}The types are ${fieldTypes.join(", ")}.`,
    );
  }
  if ((type === "one_of") !== (members !== undefined)) {
    throw new Problem(
      type === "one_of" ? `The field "${name}" does not say what it is one of.` : `The type "${type}" takes no list.`,
      type === "one_of" ? `Write ${name}:one_of(draft,sent,paid).` : `Write ${name}:${type}.`,
    );
  }
  return {
    name,
    type,
    nullable: question !== undefined,
    values: members === undefined ? [] : parseMembers(name, members),
  };
}

function typeMeant(type: string): string {
  const meant = Object.hasOwn(elsewhere, type) ? elsewhere[type] : undefined;
  return meant ? `Did you mean "${meant}"? ` : nearest(type, fieldTypes);
}

function parseMembers(field: string, text: string): string[] {
  const members = text.split(",");
  if (text.includes("|")) {
    throw new Problem(
      `The members of "${field}" are separated by commas.`,
      `Write ${field}:one_of(${text.replaceAll("|", ",")}).`,
    );
  }
  if (members.length > mostMembers)
    throw new Problem(`The field "${field}" has ${members.length} members.`, `Give it 1 to ${mostMembers}.`);
  for (const member of members) checkName(`member of "${field}"`, member);
  const twice = repeated(members);
  if (twice) throw new Problem(`The member "${twice}" of "${field}" is given twice.`, "Remove one of the two.");
  return members;
}

function checkName(what: string, name: string): void {
  if (!namePattern.test(name)) throw new Problem(`"${name}" cannot name a ${what}.`, nameHint);
}

function isFieldType(type: string): type is FieldType {
  return (fieldTypes as readonly string[]).includes(type);
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** The spelling that `parseResources` reads, for manifests and the replay command. */
export function resourceText(resource: Resource): string {
  const fields = resource.fields.map(({ name, type, values, nullable }) => {
    const members = values.length > 0 ? `(${values.join(",")})` : "";
    return `${name}:${type}${members}${nullable ? "?" : ""}`;
  });
  return [resource.name, ...fields].join(" ");
}
