import { questions } from "../decide/questions.ts";
import { record } from "../decide/record.ts";
import type { Blueprint } from "../model/blueprint.ts";
import { choices } from "../model/choices.ts";
import type { Layer, Layers } from "../model/layer.ts";
import { type Commands, type Manifest, manifestPath, manifestText } from "../model/manifest.ts";
import type { Tree, TreeFile } from "../model/tree.ts";
import { npmLockText, packagesIn, sortCargoLock } from "./lockfile.ts";
import { mergeData } from "./merge.ts";
import { checkAgainstPackages } from "./names.ts";
import { policyOf } from "./policy.ts";
import { namesResource, renaming, specimen } from "./rename.ts";
import { mapText, render } from "./render.ts";
import { Stack } from "./stack.ts";
import { draft, type View } from "./view.ts";
import { isLeftOut, placeAtRoot } from "./workspace.ts";

const recordPath = "docs/decisions/0001-language.md";
const documentPath = "openapi.json";

/** Fragments of the contract's document; they are merged by key into one file. */
const documentFolder = "openapi/";

/** A feature with packages of its own has them in such a file, which is merged by key into the database's. */
const npmLockPath = "package-lock.json";

export interface Composition {
  readonly tree: Tree;
  readonly commands: Commands;
  /** Path from the service → what goes there, at the root of the repository around it. */
  readonly atRoot: ReadonlyMap<string, string>;
}

/**
 * Stacks layers into a tree.
 * @param hash hex digest of a text, for the manifest
 * @throws Problem when the service has the name of a package that it is built with.
 * @throws Error when the templates are at fault: two owners of one path, an unknown name.
 */
export function compose(blueprint: Blueprint, { layers, pins }: Layers, hash: (text: string) => string): Composition {
  const view = draft(blueprint, layers, pins);
  for (const { files } of layers) checkAgainstPackages(blueprint.name, lockedPackages(files));
  const stack = new Stack<Emitted>();
  const subjects = subjectsOf(view);
  const atRoot = new Map<string, string>();
  let document = {};
  let npmLock = {};
  for (const layer of layers) {
    for (const { path, ...file } of emit(layer, subjects)) {
      if (path.startsWith(documentFolder)) document = mergeData(document, JSON.parse(file.content));
      else if (isLeftOut(blueprint.workspace, path)) {
        const place = placeAtRoot(blueprint, path);
        if (place !== undefined) atRoot.set(place, file.content);
      } else if (path === npmLockPath) npmLock = mergeData(npmLock, JSON.parse(file.content));
      else stack.put(layer.name, path, file);
    }
  }
  const locked = npmLockText(npmLock);
  if (locked !== undefined) stack.put("the pipeline", npmLockPath, { content: locked, executable: false });
  stack.put("the pipeline", documentPath, { content: `${JSON.stringify(document, null, 2)}\n`, executable: false });
  stack.put("the pipeline", recordPath, { content: recordOf(blueprint, view), executable: false });
  const files = stack.sorted().map(([path, file]): [string, TreeFile] => [path, { ...file, policy: policyOf(path) }]);
  const manifest = manifestOf(blueprint, view, files, atRoot, hash);
  return { tree: new Map([...files, manifest].sort(([a], [b]) => (a < b ? -1 : 1))), commands: view.commands, atRoot };
}

/** Packages of the template's lockfile, but for the service itself. */
function lockedPackages(files: Layer["files"]): string[] {
  return packagesIn(String(files.get("Cargo.lock")?.content ?? "")).filter((name) => name !== specimen.service);
}

interface Emitted {
  readonly content: string;
  readonly executable: boolean;
}

/** What a file is about: its names, what its template may name, and the number of its migration. */
interface Subject {
  readonly named: (text: string) => string;
  readonly view: View;
  readonly number?: string;
}

interface Subjects {
  readonly service: Subject;
  readonly resources: readonly Subject[];
}

function subjectsOf(view: View): Subjects {
  return {
    service: { named: renaming(view.service), view },
    resources: view.resources.map((resource) => {
      const own = { ...view, resource };
      return { named: renaming(view.service, resource), view: own, number: resource.number };
    }),
  };
}

/** The files of one layer: those about the specimen once for each resource, the others once. */
function* emit(layer: Layer, { service, resources }: Subjects): Iterable<Emitted & { readonly path: string }> {
  for (const [template, file] of layer.files) {
    for (const { named, view, number } of namesResource(template) ? resources : [service]) {
      const rendered =
        typeof file.content === "string" ? named(file.content) : render(mapText(file.content, named), view, template);
      const target = dotted(numbered(named(template), number).replace(/\.hbs$/, ""));
      yield {
        path: target,
        executable: file.executable,
        content: target === "Cargo.lock" ? sortCargoLock(rendered) : rendered,
      };
    }
  }
}

/** A template of a migration is always the first; each resource takes the next number. */
const numbered = (path: string, number = "0001") => path.replace(/(?<=^|\/)0001_(?=[^/]+$)/, `${number}_`);

/** npm drops `.gitignore` and `.npmrc` from a published package, so templates spell them `_gitignore` and `_npmrc`. */
const dotted = (path: string) => path.replace(/(^|\/)_(?=(?:gitignore|npmrc)$)/, "$1.");

function recordOf(blueprint: Blueprint, view: View): string {
  const pieces = blueprint.features.map(({ about }) => about);
  return record({
    answers: blueprint.answers,
    verdict: blueprint.verdict,
    name: blueprint.name,
    commands: view.commands,
    pieces,
    missing: blueprint.missing.map(({ about }) => about),
  });
}

function manifestOf(
  blueprint: Blueprint,
  view: View,
  files: readonly (readonly [string, TreeFile])[],
  atRoot: Composition["atRoot"],
  hash: (text: string) => string,
): [string, TreeFile] {
  const manifest: Manifest = {
    version: blueprint.version,
    answers: inOrder({ ...blueprint.answers, ...blueprint.choices }),
    language: blueprint.language,
    migrations: blueprint.migrations,
    commands: view.commands,
    ...(blueprint.workspace && { workspace: blueprint.workspace }),
    ...(atRoot.size > 0 && { atRoot: Object.fromEntries([...atRoot].map(([path, text]) => [path, hash(text)])) }),
    files: Object.fromEntries(files.map(([path, { content, policy }]) => [path, { policy, hash: hash(content) }])),
    pending: [],
  };
  return [manifestPath, { content: manifestText(manifest), executable: false, policy: "owned" }];
}

/** The same answers make the same manifest, in whichever order they were given. */
function inOrder(answers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys = [...questions, ...choices].map(({ id }) => id as string);
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(answers, key)).map((key) => [key, answers[key]]));
}
