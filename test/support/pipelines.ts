import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/** One line that a forge runs in a shell, in its job's order. */
export interface Line {
  readonly job: string;
  readonly run: string;
}

/** Where a repository keeps what its forge runs. */
export const pipelineFiles = { github: ".github/workflows/ci.yml", gitlab: ".gitlab-ci.yml" } as const;
export type Forge = keyof typeof pipelineFiles;

/** Jobs that cannot run on this machine, and why; every other one is really run. */
export const elsewhere: Readonly<Record<string, string>> = {
  audit: "asks a database of advisories on the network",
  container: "needs a container engine; its Dockerfile is replayed instead",
};

/** Keys of a GitLab file that are no jobs. */
const keywords = ["workflow", "default", "variables"];

/**
 * Every line of every job.
 * @throws Error when a GitHub step uses an action that is not among the pins, or does something else than use or run.
 */
export function linesOf(forge: Forge, text: string): Line[] {
  const file = parse(text);
  if (forge === "gitlab") {
    const jobs = Object.entries<{ script: string[] }>(file).filter(([name]) => !keywords.includes(name));
    return jobs.flatMap(([job, { script }]) => script.map((run) => ({ job, run })));
  }
  return Object.entries<{ steps: Step[] }>(file.jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ uses, run }) => {
      if (run !== undefined) return [{ job, run }];
      if (uses === undefined || !actions.includes(uses)) throw new Error(`${uses} is not among the pinned actions.`);
      return [];
    }),
  );
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

const pins = readFileSync(path.join(import.meta.dirname, "../../templates/shared/pins.yaml"), "utf8");

/** As a step names them, `owner/name@commit`. */
const actions = Object.entries<string>(parse(pins))
  .filter(([name]) => name.includes("/"))
  .map(([name, pin]) => `${name}@${pin.split(" ", 1)[0]}`);
