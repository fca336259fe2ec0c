import type { Blueprint } from "../model/blueprint.ts";
import type { EnvironmentVariable, Layer, LayerSettings } from "../model/layer.ts";
import { type CommandName, type Commands, commandNames } from "../model/manifest.ts";
import { type Field, fieldTypes, type Resource } from "../model/resource.ts";
import { languageNames } from "../model/verdict.ts";
import { camelOf, formsOf, pascalOf } from "./forms.ts";
import { dialects } from "./languages/dialects.ts";
import { mergeData } from "./merge.ts";
import { holderOf, spdxOf } from "./owner.ts";
import { samplesOf } from "./samples.ts";
import { type ResourceSchemas, schemasOf } from "./schema.ts";
import {
  isLeftOut,
  type PipelineView,
  pipelineView,
  type RootCommands,
  remarks,
  rootCommands,
  type TurboView,
  turboView,
} from "./workspace.ts";

/** Every form of a name that code, paths and prose need. */
export interface Forms {
  readonly snake: string;
  readonly snakes: string;
  readonly camel: string;
  readonly camels: string;
  readonly pascal: string;
  readonly pascals: string;
  readonly kebab: string;
  readonly kebabs: string;
  readonly flat: string;
  readonly flats: string;
  readonly words: string;
  readonly wordsPlural: string;
  /** Starting with a capital. */
  readonly Words: string;
  readonly WordsPlural: string;
  readonly shout: string;
  readonly shouts: string;
}

export interface ServiceView {
  readonly name: string;
  readonly snake: string;
  readonly module: string;
  readonly description: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface FieldView extends Field {
  readonly required: boolean;
  readonly is: Readonly<Record<Field["type"], boolean>>;
  readonly camel: string;
  readonly pascal: string;
  /** A valid JSON value, and another one. */
  readonly sample: JsonValue;
  readonly changed: JsonValue;
  readonly last: boolean;
}

export interface ResourceView extends Forms {
  /** Number of its migration, four digits. */
  readonly number: string;
  readonly fields: readonly FieldView[];
  /** JSON Schemas of the whole representation, of a body to create one, and of a merge patch. */
  readonly schemas: ResourceSchemas;
  /** A valid body to create one with. */
  readonly sample: JsonValue;
}

export interface Dependency {
  readonly name: string;
  readonly version: string;
}

/** All that templates may name. */
export interface View {
  readonly service: ServiceView;
  readonly language: Blueprint["language"];
  readonly languageName: string;
  readonly database: Blueprint["database"];
  readonly uses: Readonly<Record<Blueprint["database"], boolean>>;
  readonly version: string;
  readonly pins: Readonly<Record<string, string>>;
  readonly dependencies: readonly Dependency[];
  readonly devDependencies: readonly Dependency[];
  readonly profile: readonly { readonly key: string; readonly value: string | number | boolean }[];
  readonly env: readonly EnvironmentVariable[];
  readonly notes: readonly string[];
  readonly layout: readonly { readonly path: string; readonly about: string }[];
  readonly commands: Commands;
  readonly commandList: readonly { readonly name: CommandName; readonly line: string }[];
  readonly resources: readonly ResourceView[];
  readonly missing: readonly { readonly about: string }[];
  readonly hasMissing: boolean;
  /** What builds and tests it from the root of each workspace that it is in. */
  readonly roots: readonly RootCommands[];
  readonly turbo: TurboView;
  /** Whether there is anything to say of the repository around it, and what. */
  readonly hasRemarks: boolean;
  readonly remarks: readonly string[];
  /** Whether it brings a Dockerfile. */
  readonly hasImage: boolean;
  readonly pipeline: PipelineView;
  /** Whether it is one folder of a larger repository, whose CI then runs only for it. */
  readonly inMonorepo: boolean;
  /** The way down to it from the root of that repository, and the same as a prefix of paths; empty without one. */
  readonly place: string;
  readonly fromRoot: string;
  /** Whom a forge asks for a review; empty when nobody is named. */
  readonly owner: string;
  /** Who holds the rights to the code. */
  readonly holder: string;
  /** The licence's SPDX identifier, or empty. */
  readonly spdx: string;
}

/** Decides before rendering: everything that a template prints is worked out here. */
export function draft(blueprint: Blueprint, layers: readonly Layer[], pins: Readonly<Record<string, string>>): View {
  const dialect = dialects[blueprint.language];
  const service: ServiceView = {
    name: blueprint.name,
    snake: blueprint.name.replaceAll("-", "_"),
    module: blueprint.module,
    description: blueprint.description,
  };
  const emitsResource = blueprint.features.some(({ id }) => id === "resource");
  const resources = (emitsResource ? blueprint.resources : []).map((resource) => {
    const neutral = resourceView(resource, blueprint.migrations[resource.name] ?? 1);
    const fields = neutral.fields.map((field) => ({ ...field, ...dialect.field(field, neutral) }));
    return { ...neutral, fields, ...dialect.resource({ ...neutral, fields }) };
  });
  const { workspace } = blueprint;
  const commands = dialect.commands(service, workspace);
  const said = remarks(blueprint, layers);
  const neutral: View = {
    service,
    language: blueprint.language,
    languageName: languageNames[blueprint.language],
    database: blueprint.database,
    uses: { sqlite: blueprint.database === "sqlite", postgres: blueprint.database === "postgres" },
    version: blueprint.version,
    pins,
    dependencies: dependencies(layers, pins, "dependencies"),
    devDependencies: dependencies(layers, pins, "devDependencies"),
    profile: Object.entries(merged(layers, "profile")).map(([key, value]) => ({ key, value })),
    env: layers.flatMap(({ settings }) => settings.env ?? []),
    notes: layers.flatMap(({ settings }) => settings.notes ?? []),
    layout: layers.flatMap(({ settings }) => settings.layout ?? []),
    commands,
    commandList: commandNames.map((name) => ({ name, line: commands[name] })),
    resources,
    missing: blueprint.missing,
    hasMissing: blueprint.missing.length > 0,
    roots: rootCommands(workspace, service.name),
    turbo: turboView(blueprint),
    hasRemarks: said.length > 0,
    remarks: said,
    hasImage: !isLeftOut(workspace, "Dockerfile"),
    pipeline: pipelineView(blueprint),
    inMonorepo: workspace?.place !== undefined,
    place: workspace?.place ?? "",
    fromRoot: workspace?.place === undefined ? "" : `${workspace.place}/`,
    owner: blueprint.choices.owner ?? "",
    holder: holderOf(blueprint.choices, blueprint.name),
    spdx: spdxOf(blueprint.choices),
  };
  return { ...neutral, ...dialect.service(service, resources, blueprint) };
}

function dependencies(
  layers: readonly Layer[],
  pins: Readonly<Record<string, string>>,
  key: "dependencies" | "devDependencies",
) {
  return Object.entries(merged(layers, key)).map(([name, settings]): Dependency => {
    const version = pins[name];
    if (version === undefined) throw new Error(`${name} has no pin.`);
    return { name, version, ...settings };
  });
}

/** What the layers say together, by key and in the order of the keys. */
function merged<Key extends "dependencies" | "devDependencies" | "profile">(layers: readonly Layer[], key: Key) {
  const together = layers.reduce<object>((all, { settings }) => mergeData(all, settings[key] ?? {}), {});
  const sorted = Object.entries(together).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted) as NonNullable<LayerSettings[Key]>;
}

/** What every language reads of a resource. */
export function resourceView(resource: Resource, number: number): ResourceView {
  const fields = resource.fields.map((field, index) => fieldView(field, index === resource.fields.length - 1));
  return {
    ...formsOf(resource.name),
    number: String(number).padStart(4, "0"),
    fields,
    schemas: schemasOf(resource.fields),
    sample: Object.fromEntries(fields.map((field) => [field.name, field.sample])),
  };
}

function fieldView(field: Field, last: boolean): FieldView {
  return {
    ...field,
    required: !field.nullable,
    is: Object.fromEntries(fieldTypes.map((type) => [type, field.type === type])) as FieldView["is"],
    camel: camelOf(field.name),
    pascal: pascalOf(field.name),
    ...samplesOf(field),
    last,
  };
}
