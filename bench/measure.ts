import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Language } from "../src/model/verdict.ts";
import { compareLoads } from "./loads.ts";
import type { Options } from "./options.ts";
import { prepareBare, prepareEmitted } from "./prepare.ts";
import { progress } from "./progress.ts";
import { rowsOf } from "./rows.ts";
import { compareStarts } from "./starts.ts";
import { toolboxes } from "./toolboxes.ts";

/** Builds the emitted service of one language and a bare one, and measures them side by side. */
export async function measure(language: Language, options: Options) {
  const toolbox = toolboxes[language];
  const folder = mkdtempSync(path.join(tmpdir(), `bench-${language}-`));
  try {
    progress(language, "building");
    const emitted = await prepareEmitted(language, toolbox, path.join(folder, "emitted"));
    const bare = await prepareBare(language, toolbox, path.join(folder, "bare"));
    const sides = { emitted, bare };
    const starts = await compareStarts(sides, options.starts, (text) => progress(language, text));
    const loads = await compareLoads(sides, options, (text) => progress(language, text));
    const artefacts = { emitted: await toolbox.artefact(emitted), bare: await toolbox.artefact(bare) };
    if (options.cold) progress(language, "building with empty caches");
    const cold = options.cold ? await toolbox.coldBuild(emitted, path.join(folder, "cold")) : undefined;
    return rowsOf(language, { starts, loads, artefacts, cold });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
