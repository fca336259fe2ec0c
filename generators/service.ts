import path from "node:path";
import { readAnswers } from "../src/answers.ts";
import { questions } from "../src/decide/questions.ts";
import { interview } from "../src/edges/terminal.ts";
import { choices } from "../src/model/choices.ts";
import { Problem } from "../src/problem.ts";
import { scaffold } from "../src/scaffold.ts";
import type { Generator } from "./generator.ts";

/** `create-groundwork new` for hosts that have generators of their own. */
export const service: Generator = {
  name: "service",
  description: "a backend service in Rust, Go or TypeScript, by the answers given",
  inputs: [
    { name: "folder", about: "Which folder?" },
    ...[...questions, ...choices].map(({ id, asks }) => ({ name: id, about: asks })),
  ],
  async ask({ folder, ...given }, root) {
    const said = await interview(readAnswers(given), folder ?? given.name, { plain: false, force: false, root });
    const answers = Object.entries({ ...said.answers, ...said.choices }).map(([id, value]) => [
      id,
      [value].flat().join(","),
    ]);
    return { ...Object.fromEntries(answers), folder: said.folder };
  },
  async run({ folder, ...given }, root) {
    const { answers, choices } = readAnswers(given);
    const place = folder ?? choices.name;
    if (place === undefined) throw new Problem("The service has no name.", "Pass one: --name billing");
    const target = path.resolve(root, place);
    refuseEscape(root, target);
    const name = choices.name ?? path.basename(target);
    const { blueprint } = await scaffold({
      answers,
      choices: { ...choices, name },
      target,
      dryRun: false,
      // The host's root is the repository.
      git: false,
      force: false,
    });
    return `${path.relative(root, target)}: ${blueprint.language}, ${blueprint.verdict.confidence}`;
  },
};

/** A host's root is the border of what its generators may write. */
function refuseEscape(root: string, target: string): void {
  const inside = path.relative(root, target);
  if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside)) {
    throw new Problem(`${target} is not inside ${root}.`, "Name a folder below the workspace.");
  }
}
