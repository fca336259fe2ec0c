import type { Answers } from "../decide/questions.ts";
import { decide } from "../decide/verdict.ts";
import type { Blueprint } from "../model/blueprint.ts";
import { type Choices, chosenLayers } from "../model/choices.ts";
import type { Resource } from "../model/resource.ts";
import type { Language } from "../model/verdict.ts";
import type { Workspace } from "../model/workspace.ts";
import { Problem } from "../problem.ts";
import { selectFeatures } from "./features.ts";
import { checkModule, checkResources, checkServiceName } from "./names.ts";
import { checkOwner } from "./owner.ts";
import { parseResources } from "./resource.ts";

const defaultResource = "item name:text quantity:integer";

/** What a repository that is there holds fast, whatever its answers become. */
export interface Pinned {
  readonly language: Language;
  readonly migrations: Readonly<Record<string, number>>;
  /** The highest number that a migration there has, the user's own among them. */
  readonly lastMigration: number;
  readonly workspace?: Workspace;
}

/**
 * Decides, and adds what emission needs.
 * @param version of create-groundwork
 * @param exists knows the folders of `templates/`
 * @throws Problem when a name is unusable, or a choice would have no effect.
 */
export function draw(
  answers: Answers,
  choices: Choices & { readonly name: string },
  version: string,
  exists: (layer: string) => boolean,
  pinned?: Pinned,
): Blueprint {
  const verdict = decide(answers, pinned?.language ?? choices.language);
  const language = verdict.chosen ?? verdict.language;
  checkServiceName(choices.name, language);
  if (choices.module !== undefined && language !== "go") {
    throw new Problem(
      `--module names a Go module, and this service is written in ${language}.`,
      "Leave --module out, or add --language go.",
    );
  }
  const module = choices.module ?? `example.com/${choices.name}`;
  checkModule(module);
  checkOwner(answers, choices);
  const database = choices.database ?? "sqlite";
  if (!exists(`${language}/database-${database}`)) {
    throw new Problem(`There is no service on ${database} in ${language} yet.`, "Leave --database out.");
  }
  const nowhere = chosenLayers(choices).find(
    (layer) => ![language, "shared"].some((place) => exists(`${place}/${layer}`)),
  );
  if (nowhere) throw new Problem(`There is no ${nowhere} in ${language} yet.`, "Leave it out.");
  const resources = parseResources(choices.resource ?? defaultResource);
  checkResources(resources, language, database);
  const { emitted, missing } = selectFeatures(answers, choices.resource !== undefined, language, exists);
  return {
    version,
    name: choices.name,
    description: choices.description ?? `The ${choices.name} service.`,
    module,
    language,
    database,
    answers,
    choices,
    verdict,
    resources,
    migrations: numbered(emitted.some(({ id }) => id === "resource") ? resources : [], pinned),
    features: emitted,
    missing,
    ...(pinned?.workspace && { workspace: pinned.workspace }),
  };
}

/** A resource keeps its number; a new one comes behind all that are taken. */
function numbered(resources: readonly Resource[], pinned: Pinned | undefined): Record<string, number> {
  const taken = pinned?.migrations ?? {};
  let last = Math.max(pinned?.lastMigration ?? 0, ...Object.values(taken));
  return Object.fromEntries(
    resources.map(({ name }) => {
      const number = Object.hasOwn(taken, name) ? taken[name] : undefined;
      return [name, number ?? ++last];
    }),
  );
}
