import { Problem } from "../../src/problem.ts";
import type { Generator } from "../generator.ts";
import { add, idOf, required } from "./insert.ts";

const json = JSON.stringify;

/** A question of the interview: its row, its options as neutral until a rule reads them, and its test. */
export const question: Generator = {
  name: "question",
  description: "a question of the interview: its row, its options and its test",
  inputs: [
    { name: "id", about: "id, such as latency" },
    { name: "asks", about: "what it asks" },
    { name: "why", about: "what the answer is needed for" },
    { name: "options", about: "options with their meaning: tight=below 10 ms; normal=anything else" },
  ],
  async run(given, root) {
    const id = idOf(given, "id").replaceAll("-", "_");
    const options = required(given, "options")
      .split(";")
      .map((part) => part.split("=").map((word) => word.trim()));
    if (options.length < 2 || options.some((option) => option.length !== 2 || option.includes(""))) {
      throw new Problem(
        "A question needs two options or more.",
        'Write them as --options "tight=below 10 ms; normal=anything else".',
      );
    }
    const test = `test/decide/questions/${id}.test.ts`;
    await add(
      {
        files: {
          [test]: testOf(
            id,
            options.map(([option]) => option ?? ""),
          ),
        },
        rows: [
          {
            file: "src/decide/questions.ts",
            list: "questions",
            row: `  {
    id: ${json(id)},
    asks: ${json(required(given, "asks"))},
    why: ${json(required(given, "why"))},
    options: [
${options.map(([option, means]) => `      { id: ${json(option)}, means: ${json(means)} },`).join("\n")}
    ],
  },`,
          },
          ...options.map(([option]) => ({
            file: "src/decide/rules.ts",
            list: "neutral",
            row: `  { question: ${json(id)}, option: ${json(option)}, because: "No rule reads it yet." },`,
          })),
        ],
      },
      root,
    );
    return `src/decide/questions.ts, src/decide/rules.ts, ${test}; now give its options rules (npx plop rule) and run npm run fix && npm test`;
  },
};

function testOf(id: string, options: readonly string[]): string {
  return `import { expect, test } from "vitest";
import { readAnswers } from "../../../src/answers.ts";
import { answersSchema } from "../../../src/schema.ts";

test.each(${json(options)})("${id}: %s is an answer, and anything else is refused", (option) => {
  expect(readAnswers({ ${id}: option }).answers).toEqual({ ${id}: option });
  expect(() => readAnswers({ ${id}: \`\${option}-not\` })).toThrow("${id}");
});

test("${id} is in the schema", () => {
  expect(answersSchema()).toHaveProperty("properties.${id}.enum", [...${json(options)}, "unsure"]);
});
`;
}
