import { features } from "../../src/compose/features.ts";
import { questions } from "../../src/decide/questions.ts";
import { languages } from "../../src/model/verdict.ts";
import type { Generator } from "../generator.ts";
import { add, idOf, oneOf, required } from "./insert.ts";

const json = JSON.stringify;

/** A capability of the emitted service: its row, its layer in each language, and its test. */
export const feature: Generator = {
  name: "feature",
  description: "a feature of the emitted service: its row, a layer in each language and its test",
  inputs: [
    { name: "id", about: "id, such as ledger" },
    { name: "about", about: "what it is, such as a double-entry ledger" },
    { name: "question", about: "question whose answer asks for it" },
    { name: "option", about: "option that asks for it" },
  ],
  async run(given, root) {
    const id = idOf(given, "id");
    const about = required(given, "about");
    const question = oneOf(
      given,
      "question",
      questions.map((row) => row.id),
    );
    const row = questions.find((candidate) => candidate.id === question);
    const option = oneOf(given, "option", row?.options.map((candidate) => candidate.id) ?? []);
    const several = row !== undefined && "several" in row;
    const layers = languages.map((language) => `templates/${language}/feature-${id}/layer.json`);
    const test = `test/compose/features/${id}.test.ts`;
    await add(
      {
        files: {
          ...Object.fromEntries(
            layers.map((layer) => [
              layer,
              `${json({ notes: [`${about[0]?.toUpperCase()}${about.slice(1)}: say here how to operate it.`] }, null, 2)}\n`,
            ]),
          ),
          [test]: testOf(id, about, question, several ? json([option]) : json(option)),
        },
        rows: features.some((known) => known.id === id)
          ? []
          : [
              {
                file: "src/compose/features.ts",
                list: "features",
                row: `  { id: ${json(id)}, about: ${json(about)}, when: { ${question}: ${json(option)} } },`,
              },
            ],
      },
      root,
    );
    return `${[...layers, test].join(", ")}; now write the layers, and run npm run fix && npm test`;
  },
};

function testOf(id: string, about: string, question: string, answer: string): string {
  return `import { expect, test } from "vitest";
import { languages, treeOf } from "../../support/emit.ts";

test.each(languages)("${id} is emitted in %s when ${question} asks for it, and only then", async (language) => {
  const [asked, unasked] = await Promise.all([treeOf({ language, ${question}: ${answer} }), treeOf({ language })]);
  expect(asked.get("README.md")?.content).not.toContain(${json(`- ${about}`)});
  expect(asked.get("README.md")?.content).toContain(${json(about[0]?.toUpperCase() + about.slice(1))});
  expect(unasked.get("README.md")?.content).not.toContain(${json(about[0]?.toUpperCase() + about.slice(1))});
});
`;
}
