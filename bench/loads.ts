import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Load, Outcome } from "./load.ts";
import type { Options } from "./options.ts";
import { cpuMs, residentMiB } from "./proc.ts";
import type { Program } from "./program.ts";
import { onOneCore } from "./program.ts";
import { type Kind, kinds, requestsFor } from "./requests.ts";
import { type Service, start } from "./service.ts";
import { type Sides, sides } from "./sides.ts";
import { type Spread, spreadOf } from "./statistics.ts";

export interface Cost extends Sides<number> {
  /** Emitted against bare, round by round. */
  readonly ratio: Spread;
}

export interface Loads {
  /** CPU microseconds of a request. */
  readonly costs: Readonly<Record<Kind, Cost>>;
  readonly loadedMiB: Sides<number>;
}

const limitMs = 60_000;

/** Requests that one service answers before it is the other's turn: few, so that what else the machine does hits both. */
const slice = 1_000;

/** Loads both services with the same requests, in turn. */
export async function compareLoads(
  programs: Sides<Program>,
  { rounds, requests: count }: Pick<Options, "rounds" | "requests">,
  progress: (text: string) => void,
): Promise<Loads> {
  const client = fork(path.join(import.meta.dirname, "client.ts"));
  const emitted = await start(onOneCore(programs.emitted));
  const bare = await start(onOneCore(programs.bare));
  const services: Sides<Service> = { emitted, bare };
  try {
    const requests = { emitted: await requestsFor(emitted), bare: await requestsFor(bare) };
    const answer = async (side: keyof Sides<Service>, kind: Kind) => {
      client.send({ port: services[side].port, requests: requests[side][kind], count: slice } satisfies Load);
      const [outcome] = (await once(client, "message", { signal: AbortSignal.timeout(limitMs) })) as [Outcome];
      if (outcome.fault !== undefined) throw new Error(outcome.fault);
    };
    const round = async (kind: Kind): Promise<Sides<number>> => {
      const before = { emitted: cpuMs(emitted.pid), bare: cpuMs(bare.pid) };
      for (let answered = 0; answered < count; answered += slice) for (const side of sides) await answer(side, kind);
      const microseconds = (side: keyof Sides<Service>) => ((cpuMs(services[side].pid) - before[side]) * 1_000) / count;
      return { emitted: microseconds("emitted"), bare: microseconds("bare") };
    };

    progress("warming up");
    for (const kind of kinds) await round(kind);
    const seen: Record<Kind, Sides<number>[]> = { "GET one": [], "list of 20": [], POST: [] };
    for (let number = 1; number <= rounds; number++) {
      progress(`round ${number} of ${rounds}`);
      for (const kind of kinds) seen[kind].push(await round(kind));
    }
    const costs = {
      "GET one": costOf(seen["GET one"]),
      "list of 20": costOf(seen["list of 20"]),
      POST: costOf(seen.POST),
    };
    return { costs, loadedMiB: { emitted: residentMiB(emitted.pid), bare: residentMiB(bare.pid) } };
  } finally {
    client.kill();
    await Promise.all([emitted.stop(), bare.stop()]);
  }
}

const costOf = (rounds: readonly Sides<number>[]): Cost => ({
  emitted: spreadOf(rounds.map(({ emitted }) => emitted)).median,
  bare: spreadOf(rounds.map(({ bare }) => bare)).median,
  ratio: spreadOf(rounds.map(({ emitted, bare }) => emitted / bare)),
});
