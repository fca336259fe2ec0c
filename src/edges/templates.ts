import path from "node:path";
import { fileURLToPath } from "node:url";
import fs from "fs-extra";
import { parse } from "yaml";
import { readTemplate } from "../compose/template.ts";
import type { Layer, LayerFile, LayerSettings, Layers } from "../model/layer.ts";
import type { PackedTemplates } from "./packed-templates.ts";

/** The templates of a checkout; a package has them packed, see packed-templates.ts. */
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../templates");

/** Whether `go/feature-resource` and the like is there. */
export function layerExists(name: string): boolean {
  return fs.existsSync(path.join(root, name));
}

export async function readLayers(language: string, names: readonly string[]): Promise<Layers> {
  return {
    layers: await Promise.all(names.map(readLayer)),
    pins: { ...(await readPins("shared")), ...(await readPins(language)) },
  };
}

/** All layers that there are, the shared ones and each language's, by the name of their folder. */
export async function packTemplates(): Promise<ReadonlyMap<string, PackedTemplates>> {
  const packs = new Map<string, PackedTemplates>();
  for (const place of await fs.readdir(root)) {
    const names = (await fs.readdir(path.join(root, place), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${place}/${name}`)
      .sort();
    const { layers, pins } = await readLayers(place, names);
    packs.set(place, {
      layers: layers.map(({ files, ...layer }) => ({
        ...layer,
        files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
      })),
      pins,
    });
  }
  return packs;
}

/** Those of the shared layers are of what every language's CI runs on. */
async function readPins(place: string): Promise<Layers["pins"]> {
  return parse(await fs.readFile(path.join(root, place, "pins.yaml"), "utf8"));
}

async function readLayer(name: string): Promise<Layer> {
  const folder = path.join(root, name);
  const files = new Map<string, LayerFile>();
  let settings: LayerSettings = {};
  for (const entry of await fs.readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const inside = path.relative(folder, file).split(path.sep).join("/");
    const content = await fs.readFile(file, "utf8");
    if (inside === "layer.json") settings = JSON.parse(content);
    else files.set(inside, { content: parsed(content, inside), executable: inside.endsWith(".sh") });
  }
  return { name, settings, files };
}

const parsed = (content: string, file: string) => (file.endsWith(".hbs") ? readTemplate(content, file) : content);
