import Handlebars from "handlebars";
import * as escapes from "./escapes.ts";

const handlebars = Handlebars.create();
for (const [name, escapeFor] of Object.entries(escapes))
  handlebars.registerHelper(name, (value: unknown) => escapeFor(value as never));

const compiled = new Map<string, Handlebars.TemplateDelegate>();

/**
 * Renders strictly and unescaped.
 * @throws Error when the template names something that the view does not have; that is a fault of ours.
 */
export function render(template: string, view: object, path: string): string {
  let draw = compiled.get(template);
  if (!draw) {
    draw = handlebars.compile(template, { noEscape: true, strict: true, knownHelpersOnly: false });
    compiled.set(template, draw);
  }
  try {
    return draw(guarded(view));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Handlebars' strict mode does not see a typo inside `if` or `each`; a view that refuses unknown names does. */
function guarded<T extends object>(view: T): T {
  return new Proxy(view, {
    get(target, key) {
      if (typeof key === "string" && key !== "toJSON" && !(key in target))
        throw new Error(`"${key}" is not in the view.`);
      const value: unknown = Reflect.get(target, key);
      return typeof value === "object" && value !== null ? guarded(value) : value;
    },
  });
}
