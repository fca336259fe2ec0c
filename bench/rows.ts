import type { Language } from "../src/model/verdict.ts";
import type { Budget } from "./budgets.ts";
import type { Loads } from "./loads.ts";
import { kinds } from "./requests.ts";
import type { Sides } from "./sides.ts";
import type { Rest } from "./starts.ts";
import type { Row } from "./table.ts";
import type { Artefact } from "./toolbox.ts";
import { toolboxes } from "./toolboxes.ts";

export interface Figures {
  readonly starts: Sides<Rest>;
  readonly loads: Loads;
  readonly artefacts: Sides<Artefact>;
  readonly cold: number | undefined;
}

/** Puts the budget beside each figure that has one. */
export function rowsOf(language: Language, budget: Budget, { starts, loads, artefacts, cold }: Figures): Row[] {
  const [bytes, parts] = toolboxes[language].artefactNames;
  const { costs, loadedMiB } = loads;
  const row = (figure: string, digits: number, values: Partial<Sides<number>>, most?: number): Row => ({
    language,
    figure,
    digits,
    ...values,
    budget: most,
  });
  return [
    ...kinds.map((kind) => ({ ...row(`${kind}, CPU µs`, 0, costs[kind], budget.ratio), ratio: costs[kind].ratio })),
    row(
      "start, wall ms",
      0,
      each(starts, ({ wallMs }) => wallMs),
      budget.startWallMs,
    ),
    row(
      "start, CPU ms",
      0,
      each(starts, ({ cpuMs }) => cpuMs),
      budget.startCpuMs,
    ),
    row(
      "memory at rest, MiB",
      1,
      each(starts, ({ restMiB }) => restMiB),
      budget.restMiB,
    ),
    row("memory after the load, MiB", 1, loadedMiB),
    row(
      `${bytes}, MB`,
      2,
      each(artefacts, (artefact) => artefact.bytes / 1e6),
      budget.artefactMB,
    ),
    row(
      parts,
      0,
      each(artefacts, (artefact) => artefact.parts),
      budget.parts,
    ),
    ...(cold === undefined ? [] : [row("cold build, CPU s", 1, { emitted: cold }, budget.coldSeconds)]),
  ];
}

const each = <T>({ emitted, bare }: Sides<T>, figure: (of: T) => number): Sides<number> => ({
  emitted: figure(emitted),
  bare: figure(bare),
});
