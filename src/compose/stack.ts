import type { Blueprint } from "../model/blueprint.ts";
import { chosenLayers } from "../model/choices.ts";
import { declaredTypes } from "../model/resource.ts";
import { features as featureRows } from "./features.ts";

/**
 * Names of the layers that a blueprint selects, in the order in which they stack; `exists` knows the folders of `templates/`.
 * What a choice and a feature bring only together is a layer of both, such as `ci-github-team`; `values` is what fields of a
 * declared type need.
 */
export function selectLayers(blueprint: Blueprint, exists: (layer: string) => boolean): string[] {
  const { choices } = blueprint;
  const chosen = [...chosenLayers(choices), ...(choices.owner === undefined ? [] : ["owner"])];
  const features = blueprint.features.map(({ id }) => id);
  const replaced = featureRows.filter(({ id }) => features.includes(id)).map(({ insteadOf }) => insteadOf);
  const always = ["base", "image"].filter((layer) => !replaced.some((each) => each === layer));
  const both = chosen.flatMap((choice) => features.map((feature) => `${choice}-${feature}`));
  const fields = features.includes("resource") ? blueprint.resources.flatMap((resource) => resource.fields) : [];
  const values = fields.some(({ type }) => declaredTypes.includes(type)) ? ["values"] : [];
  const turborepo = blueprint.workspace?.memberOf.some(({ turbo }) => turbo) ? ["turborepo"] : [];
  return ["shared", blueprint.language]
    .flatMap((place) =>
      [...always, ...chosen, ...features.map((id) => `feature-${id}`), ...values, ...both, ...turborepo].map(
        (layer) => `${place}/${layer}`,
      ),
    )
    .filter(exists);
}

/** Path → what is emitted there. Silent overwriting is how overlays rot, so every path has one owner. */
export class Stack<T> {
  readonly #owners = new Map<string, { readonly layer: string; readonly value: T }>();

  /** @throws Error when another layer owns the path. */
  put(layer: string, path: string, value: T): void {
    const owner = this.#owners.get(path);
    if (owner) throw new Error(`Both "${owner.layer}" and "${layer}" write ${path}.`);
    this.#owners.set(path, { layer, value });
  }

  sorted(): [path: string, value: T][] {
    return [...this.#owners]
      .map(([path, { value }]): [string, T] => [path, value])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
