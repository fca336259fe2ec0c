import type { Template } from "./template.ts";

export interface LayerFile {
  /** Text as it is, or what was read from a `.hbs` file. */
  readonly content: string | Template;
  readonly executable: boolean;
}

/** One variable that the emitted service reads. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly default: string;
  readonly about: string;
}

/** `layer.json`: what a layer adds to manifests and prose, merged over the layers by key. */
export interface LayerSettings {
  readonly dependencies?: Readonly<Record<string, object>>;
  readonly devDependencies?: Readonly<Record<string, object>>;
  /** How Cargo compiles a release. */
  readonly profile?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: readonly EnvironmentVariable[];
  /** Lines for the README's section on operating the service. */
  readonly notes?: readonly string[];
  readonly layout?: readonly { readonly path: string; readonly about: string }[];
}

/** A folder under `templates/`, read into memory. */
export interface Layer {
  /** `go/base`, `shared/feature-resource` … */
  readonly name: string;
  readonly settings: LayerSettings;
  /** Template path inside the layer → its text. */
  readonly files: ReadonlyMap<string, LayerFile>;
}

/** The layers that a blueprint selects, in the order in which they stack, and the versions that they are pinned to. */
export interface Layers {
  readonly layers: readonly Layer[];
  /** Name of a dependency or toolchain → version. */
  readonly pins: Readonly<Record<string, string>>;
}
