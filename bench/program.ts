import { readFileSync } from "node:fs";
import type { NewDatabase } from "./databases.ts";

/** A service that is built and ready to be started. */
export interface Program {
  readonly folder: string;
  /** Its name as a binary. */
  readonly name: string;
  /** What becomes the service, without a shell or a build tool between. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly newDatabase: NewDatabase;
}

/**
 * On several cores it is chance whether a runtime wakes a second thread for a request, and that can double its CPU time;
 * on one core the same load costs the same each time.
 */
export function onOneCore(program: Program): Program {
  const core = /^Cpus_allowed_list:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return { ...program, command: ["taskset", "--cpu-list", core, ...program.command] };
}
