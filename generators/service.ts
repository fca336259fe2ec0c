import path from "node:path";
import { readAnswers, type Said } from "../src/answers.ts";
import { questions } from "../src/decide/questions.ts";
import { interview } from "../src/edges/terminal.ts";
import { choices } from "../src/model/choices.ts";
import { Problem } from "../src/problem.ts";
import { type Order, scaffold } from "../src/scaffold.ts";
import { below } from "./border.ts";
import type { Generator } from "./generator.ts";

/** `create-groundwork new` for hosts that have generators of their own. */
export const service: Generator = {
  name: "service",
  description: "a backend service in Rust, Go or TypeScript, by the answers given",
  inputs: [
    { name: "folder", about: "Which folder?" },
    ...[...questions, ...choices].map(({ id, asks }) => ({ name: id, about: asks })),
  ],
  async ask(given, root) {
    const said = await asked(given, root);
    const answers = Object.entries({ ...said.answers, ...said.choices }).map(([id, value]) => [
      id,
      [value].flat().join(","),
    ]);
    return { ...Object.fromEntries(answers), folder: said.folder };
  },
  async run(given, root) {
    const { target, ...order } = orderOf(given, root);
    // The host's root is the repository.
    const { blueprint } = await scaffold({ ...order, target, dryRun: false, git: false, force: false });
    return `${path.relative(root, target)}: ${blueprint.language}, ${blueprint.verdict.confidence}`;
  },
};

/** The interview, over what is said already. */
export function asked({ folder, ...given }: Given, root: string): Promise<Said & { readonly folder: string }> {
  return interview(readAnswers(given), folder ?? text(given.name), { plain: false, force: false, root });
}

/**
 * What is to be emitted below a host's root.
 * @throws Problem when an input is unusable or leads out of the root
 */
export function orderOf({ folder, ...given }: Given, root: string): Pick<Order, "answers" | "choices" | "target"> {
  const { answers, choices } = readAnswers(given);
  const place = folder ?? choices.name;
  if (place === undefined) throw new Problem("The service has no name.", "Pass one: --name billing");
  const target = below(root, place);
  return { answers, choices: { ...choices, name: choices.name ?? path.basename(target) }, target };
}

/** The inputs of a host; one that knows lists passes them as such. */
export type Given = { readonly folder?: string } & Readonly<Record<string, unknown>>;

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
