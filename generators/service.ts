import path from "node:path";
import { readAnswers, type Said } from "../src/answers.ts";
import { questions } from "../src/decide/questions.ts";
import { interview } from "../src/edges/terminal.ts";
import { choices } from "../src/model/choices.ts";
import { Problem } from "../src/problem.ts";
import { refreshing } from "../src/refreshing.ts";
import { type Drawn, type Order, scaffold } from "../src/scaffold.ts";
import { below, editsBelow } from "./border.ts";
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
    const emission = { ...order, target, git: false, force: false };
    const { steps } = await scaffold({ ...emission, dryRun: true });
    const edits = steps.flatMap((step) => (step.kind === "edit" || step.kind === "create" ? step : []));
    const lists = editsBelow(root, target, edits);
    const { blueprint, findings = [] } = await scaffold({ ...emission, dryRun: false });
    return emitted({ blueprint, findings, lists }, path.relative(root, target));
  },
};

interface Emission extends Pick<Drawn, "blueprint" | "findings"> {
  /** What was written outside its folder, from the host's root. */
  readonly lists: readonly { readonly file: string; readonly kind: "edit" | "create"; readonly why: string }[];
}

/** What came of it, a line each; `folder` is from the host's root. */
export function emitted({ blueprint, findings, lists }: Emission, folder: string): string {
  return [
    `${folder}: ${blueprint.language}, ${blueprint.verdict.confidence}`,
    ...findings,
    ...lists.map(({ file, kind, why }) => `${kind === "create" ? "Wrote" : "Edited"} ${file}: ${why}.`),
    ...refreshing(blueprint, folder).map((command) => `It shares a lockfile. Refresh that: ${command}`),
  ].join("\n");
}

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
