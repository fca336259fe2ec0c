import { setTimeout as sleep } from "node:timers/promises";
import { residentMiB } from "./proc.ts";
import type { Program } from "./program.ts";
import { type Start, start } from "./service.ts";
import { type Sides, sides } from "./sides.ts";
import { spreadOf } from "./statistics.ts";

export interface Rest extends Start {
  /** Memory after a second without requests. */
  readonly restMiB: number;
}

const settleMs = 1_000;

/** Starts both services in turn, and answers the medians. */
export async function compareStarts(
  programs: Sides<Program>,
  times: number,
  progress: (text: string) => void,
): Promise<Sides<Rest>> {
  progress(`${times} starts of each`);
  const seen: Sides<Rest[]> = { emitted: [], bare: [] };
  for (let time = 0; time < times; time++) {
    for (const side of sides) {
      const service = await start(programs[side]);
      await sleep(settleMs);
      seen[side].push({ ...service.start, restMiB: residentMiB(service.pid) });
      await service.stop();
    }
  }
  return { emitted: typical(seen.emitted), bare: typical(seen.bare) };
}

const typical = (seen: readonly Rest[]): Rest => ({
  wallMs: spreadOf(seen.map(({ wallMs }) => wallMs)).median,
  cpuMs: spreadOf(seen.map(({ cpuMs }) => cpuMs)).median,
  restMiB: spreadOf(seen.map(({ restMiB }) => restMiB)).median,
});
