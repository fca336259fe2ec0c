import Handlebars from "handlebars";
import type { Part, Path, Template } from "../model/template.ts";

/**
 * Reads a Handlebars template: names, escapes, `each`, `if` and `unless`.
 * It is read when the package is built, so that no run carries or starts the whole of Handlebars.
 * @throws Error when the template has anything else in it
 */
export function readTemplate(text: string, path: string): Template {
  try {
    return partsOf(Handlebars.parse(text));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function partsOf(program: hbs.AST.Program | undefined): Part[] {
  return (program?.body ?? []).flatMap(partOf);
}

function partOf(statement: hbs.AST.Statement): Part | [] {
  switch (statement.type) {
    case "CommentStatement":
      return [];
    case "ContentStatement":
      return (statement as hbs.AST.ContentStatement).value;
    case "MustacheStatement":
      return print(statement as hbs.AST.MustacheStatement);
    case "BlockStatement":
      return block(statement as hbs.AST.BlockStatement);
    default:
      throw new Error(`${statement.type} on line ${statement.loc.start.line} is more than a template may have.`);
  }
}

function print({ path, params }: hbs.AST.MustacheStatement): Part {
  const [subject, ...more] = params;
  if (more.length > 0) throw new Error(`An escape takes one value, on line ${path.loc.start.line}.`);
  if (subject === undefined) return { print: pathOf(path) };
  return { print: pathOf(subject), escape: pathOf(path).join(".") };
}

function block({ path, params, program, inverse }: hbs.AST.BlockStatement): Part {
  const verb = pathOf(path).join(".");
  const subject = params[0];
  if (subject !== undefined && params.length === 1) {
    const [body, otherwise] = [partsOf(program), partsOf(inverse)];
    if (verb === "each" && otherwise.length === 0) return { each: pathOf(subject), body };
    if (verb === "if") return { when: pathOf(subject), body, otherwise };
    if (verb === "unless") return { when: pathOf(subject), body: otherwise, otherwise: body };
  }
  throw new Error(`{{#${verb}}} on line ${path.loc.start.line} is more than a template may have.`);
}

function pathOf(expression: hbs.AST.Expression): Path {
  const { type, data, depth, parts, original } = expression as hbs.AST.PathExpression;
  if (type !== "PathExpression" || depth > 0) throw new Error(`${String(original)} is not a name.`);
  if (data) return [`@${parts.join(".")}`];
  return parts.length > 0 ? (parts as string[]) : ["this"];
}
