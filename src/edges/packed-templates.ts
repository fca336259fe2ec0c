import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layer, LayerFile, Layers } from "../model/layer.ts";

/** One place's layers as the package carries them: read, and in one file. */
export interface PackedTemplates {
  readonly layers: readonly (Omit<Layer, "files"> & { readonly files: readonly (readonly [string, LayerFile])[] })[];
  readonly pins: Layers["pins"];
}

/** Stands in for templates.ts in the package: one file to read for a language, and nothing to parse in it but JSON. */
const packs = new Map<string, PackedTemplates>();

export function layerExists(name: string): boolean {
  return find(name) !== undefined;
}

export async function readLayers(language: string, names: readonly string[]): Promise<Layers> {
  const layers = names.map((name): Layer => {
    const layer = find(name);
    if (!layer) throw new Error(`The package has no templates for ${name}.`);
    return { ...layer, files: new Map(layer.files) };
  });
  return { layers, pins: packOf(language).pins };
}

function find(name: string) {
  return packOf(name.split("/", 1)[0] ?? "").layers.find((layer) => layer.name === name);
}

function packOf(place: string): PackedTemplates {
  const known = packs.get(place);
  if (known) return known;
  const pack: PackedTemplates = JSON.parse(readFileSync(join(import.meta.dirname, `templates/${place}.json`), "utf8"));
  packs.set(place, pack);
  return pack;
}
