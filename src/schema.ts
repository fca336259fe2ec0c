import { questions } from "./decide/questions.ts";
import { choices } from "./model/choices.ts";

/** JSON Schema 2020-12 of an answers file. */
export function answersSchema(): object {
  const decisions = questions.map((question) => {
    const option = { enum: [...question.options.map(({ id }) => id), "unsure"] };
    const about = question.options.map(({ id, means }) => `${id}: ${means}`).join("\n");
    const shape =
      "several" in question ? { anyOf: [option, { type: "array", items: option, uniqueItems: true }] } : option;
    return [question.id, { title: question.asks, description: about, ...shape }];
  });
  const others = choices.map((choice) => [
    choice.id,
    "options" in choice
      ? { title: choice.asks, enum: choice.options }
      : { title: choice.asks, description: choice.about, type: "string", minLength: 1 },
  ]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Answers for create-groundwork",
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries([...decisions, ...others]),
  };
}
