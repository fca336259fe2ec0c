import path from "node:path";
import type { Language } from "../src/model/verdict.ts";
import { budgetOf } from "./budgets.ts";
import type { NewDatabase } from "./databases.ts";
import { compareLoads } from "./loads.ts";
import type { Options } from "./options.ts";
import { prepareBare, prepareEmitted } from "./prepare.ts";
import { progress } from "./progress.ts";
import { rowsOf } from "./rows.ts";
import { compareStarts } from "./starts.ts";
import type { Row } from "./table.ts";
import { temporaryFolder } from "./temporary.ts";
import { toolboxes } from "./toolboxes.ts";

/** Builds the emitted service of one language and a bare one, and measures them side by side. */
export async function measure(language: Language, options: Options, newDatabase: NewDatabase): Promise<Row[]> {
  const toolbox = toolboxes[language];
  const folder = temporaryFolder();
  const say = (text: string) => progress(language, text);
  say("building");
  const { database } = options;
  const emitted = await prepareEmitted({ language, database, newDatabase }, path.join(folder, "emitted"));
  const bare = await prepareBare({ language, database, newDatabase }, path.join(folder, "bare"));
  const sides = { emitted, bare };
  const starts = await compareStarts(sides, options.starts, say);
  const loads = await compareLoads(sides, options, say);
  const artefacts = { emitted: await toolbox.artefact(emitted), bare: await toolbox.artefact(bare) };
  if (options.cold) say("building with empty caches");
  const cold = options.cold ? await toolbox.coldBuild(emitted, path.join(folder, "cold")) : undefined;
  return rowsOf(language, budgetOf(language, database), { starts, loads, artefacts, cold });
}
