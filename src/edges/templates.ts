import path from "node:path";
import { fileURLToPath } from "node:url";
import fs from "fs-extra";
import { parse } from "yaml";
import type { Layer, LayerFile, LayerSettings, Layers } from "../model/layer.ts";
import type { Language } from "../model/verdict.ts";

const root = findTemplates();

/** `templates/` lies beside `dist/` in the package, and above `src/` in the checkout. */
function findTemplates(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, "templates", "shared"))) return path.join(folder, "templates");
    if (folder === path.dirname(folder)) throw new Error("The package has no templates/ folder.");
  }
}

/** Whether `go/feature-resource` and the like is there. */
export function layerExists(name: string): boolean {
  return fs.existsSync(path.join(root, name));
}

export async function readLayers(language: Language, names: readonly string[]): Promise<Layers> {
  return {
    layers: await Promise.all(names.map(readLayer)),
    pins: parse(await fs.readFile(path.join(root, language, "pins.yaml"), "utf8")),
  };
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
    else files.set(inside, { content, executable: inside.endsWith(".sh") });
  }
  return { name, settings, files };
}
