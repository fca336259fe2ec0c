import { questions } from "../../src/decide/questions.ts";
import { choices } from "../../src/model/choices.ts";
import { type Addition, additions } from "../additions.ts";
import type { Given } from "../service.ts";

/** Nx spells options in camel case. */
const spelled = (id: string) => id.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const ids = ["folder", ...[...questions, ...choices].map(({ id }) => id)];

/** The options of a run by the names that the answers have. */
export function inputsOf(options: Readonly<Record<string, unknown>>): Given {
  return Object.fromEntries(ids.flatMap((id) => (spelled(id) in options ? [[id, options[spelled(id)]]] : [])));
}

/** `generators.json`, and the schema of each generator by its path beside it. */
export function nxGenerators(): Readonly<Record<string, object>> {
  const all = [
    {
      name: "service",
      description: "a backend service in Rust, Go or TypeScript, by the answers given",
      schema: serviceSchema(),
    },
    ...additions.map((addition) => ({ ...addition, schema: additionSchema(addition) })),
  ];
  const entries = all.map(({ name, description }) => [
    name,
    { factory: `./nx.js#${name}`, schema: `./nx/${name}.json`, description },
  ]);
  return {
    "generators.json": { generators: Object.fromEntries(entries) },
    ...Object.fromEntries(all.map(({ name, schema }) => [`nx/${name}.json`, schema])),
  };
}

function additionSchema(addition: Addition): object {
  return {
    $schema: "https://json-schema.org/schema",
    $id: `CreateGroundwork-${addition.name}`,
    title: addition.description,
    type: "object",
    properties: {
      folder: {
        type: "string",
        description: "The service's folder, from the root of the workspace",
        $default: { $source: "argv", index: 0 },
        "x-prompt": "Which service's folder?",
      },
      [addition.name]: {
        type: "string",
        description: addition.asks,
        $default: { $source: "argv", index: 1 },
        "x-prompt": addition.asks,
        ...("options" in addition && { enum: addition.options }),
      },
      force: { type: "boolean", description: "Also where something is not committed", default: false },
    },
    required: ["folder", addition.name],
    additionalProperties: false,
  };
}

/** The schema of `nx g create-groundwork:service`; only the folder is prompted for, because the interview asks the rest. */
export function serviceSchema(): object {
  const decisions = questions.map((question) => {
    const option = { type: "string", enum: [...question.options.map(({ id }) => id), "unsure"] };
    const description = [question.asks, ...question.options.map(({ id, means }) => `${id}: ${means}`)].join("\n");
    return [
      spelled(question.id),
      "several" in question ? { type: "array", items: option, description } : { ...option, description },
    ];
  });
  const others = choices.map((choice) => [
    choice.id,
    "options" in choice
      ? { type: "string", enum: choice.options, description: choice.asks }
      : { type: "string", description: `${choice.asks} (${choice.about})` },
  ]);
  return {
    $schema: "https://json-schema.org/schema",
    $id: "CreateGroundworkService",
    title: "A backend service in Rust, Go or TypeScript, by the answers given",
    type: "object",
    properties: {
      folder: {
        type: "string",
        description: "The folder, from the root of the workspace",
        $default: { $source: "argv", index: 0 },
        "x-prompt": "Which folder, such as services/billing?",
        "x-priority": "important",
      },
      ...Object.fromEntries([...decisions, ...others]),
    },
    required: ["folder"],
    additionalProperties: false,
  };
}
