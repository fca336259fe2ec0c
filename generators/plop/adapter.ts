import type { NodePlopAPI } from "plop";
import { mayAsk } from "../../src/edges/presence.ts";
import { Interrupted, Problem } from "../../src/problem.ts";
import { additionGenerators } from "../additions.ts";
import type { Generator, Inputs } from "../generator.ts";
import { service } from "../service.ts";

const generators: readonly Generator[] = [service, ...additionGenerators];

/** Gives a plopfile, or `turbo/generators/config.ts`, the generators: `export { default } from "create-groundwork/plop"`. */
export default function (plop: NodePlopAPI): void {
  register(plop, generators);
}

/**
 * plop's own actions are not atomic and its renderer escapes HTML, so each generator is one action that calls the pipeline.
 * Every input has a slot, for `plop service -- --name billing`; of a generator with an interview it never prompts, and a last slot asks.
 */
export function register(plop: NodePlopAPI, list: readonly Generator[]): void {
  for (const generator of list) {
    const { name, description, inputs } = generator;
    plop.setActionType(name, (given) => done(generator.run(inputsOf(generator, given), plop.getDestBasePath())));
    plop.setGenerator(name, {
      description,
      prompts: [
        ...inputs.map((input) => ({ type: "input", name: input.name, message: input.about, ...unasked(generator) })),
        {
          type: "input",
          name: "rest",
          message: "",
          when: (given: Record<string, string>) => askRest(generator, given, plop.getDestBasePath()),
        },
      ],
      actions: [{ type: name }],
    });
  }
}

/** A generator without questions of its own leaves them to the host, as long as a person is there to answer. */
function unasked({ ask }: Generator): { readonly when?: false } {
  return ask || !mayAsk(new Set()) ? { when: false } : {};
}

async function askRest(generator: Generator, given: Record<string, string>, root: string): Promise<false> {
  if (generator.ask && Object.keys(given).length === 0 && mayAsk(new Set()))
    Object.assign(given, await generator.ask(given, root));
  return false;
}

/**
 * `turbo gen` adds facts of its own to what was said, and knows no names on its command line, only the order:
 * `--args services/billing language=go` names an input in any slot.
 */
function inputsOf({ inputs }: Generator, given: Record<string, unknown>): Inputs {
  const names = inputs.map(({ name }) => name);
  const said = names.flatMap((name) => {
    const value = given[name];
    if (typeof value !== "string") return [];
    const [key = "", ...rest] = value.split("=");
    return [rest.length > 0 && names.includes(key) ? [key, rest.join("=")] : [name, value]];
  });
  return Object.fromEntries(said);
}

/** plop prints a rejected text as the failure of its action and exits with 1. */
async function done(work: Promise<string>): Promise<string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem) throw `${error.message} ${error.hint}`;
    if (error instanceof Interrupted) throw "stopped";
    throw error;
  }
}
