import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/** Where a repository keeps what its forge runs. */
export const pipelineFiles = { github: ".github/workflows/ci.yml", gitlab: ".gitlab-ci.yml" } as const;
export type Forge = keyof typeof pipelineFiles;

/** What a runner hands to a shell: of GitHub one step, of GitLab all lines of a job. */
export interface Script {
  readonly job: string;
  readonly lines: string;
  /** Nothing but what the file says. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Lines that cannot run on this machine, and why; every other one is really run. */
export const elsewhere: readonly { readonly line: RegExp; readonly why: string }[] = [
  { line: /^cargo install --locked cargo-audit@\S+$/, why: "builds for minutes what only the next line uses" },
  { line: /^cargo audit$/, why: "asks a database of advisories on the network" },
  { line: /^go run \S+govulncheck@\S+ \.\/\.\.\.$/, why: "asks a database of advisories on the network" },
  { line: /^npm audit --audit-level=high$/, why: "asks a database of advisories on the network" },
  {
    line: /\bdocker\b/,
    why: "needs a container engine; test/build/image.test.ts replays the Dockerfile and starts the image",
  },
];

/**
 * What a forge's runner would run in a clone at `folder`, job by job, with the addresses at which its services are reached here.
 * @param services by the name of their image, such as `postgres`
 * @throws Error for anything in the file that this reader does not know, so that nothing in it is passed over
 */
export function scriptsOf(
  forge: Forge,
  text: string,
  folder: string,
  services: Readonly<Record<string, URL>> = {},
): Script[] {
  return (forge === "github" ? gitHub(parse(text)) : gitLab(parse(text), folder)).map((script) => ({
    job: script.job,
    lines: script.lines,
    environment: reached(script, services),
  }));
}

/** The script without the lines that only run elsewhere. */
export function runnable({ lines }: Script): string {
  const left = lines.split("\n").filter((line) => !elsewhere.some((each) => each.line.test(line)));
  return left.join("\n");
}

interface Told extends Script {
  /** Name of its image → the host and port by which lines of the job reach it, and the password that it is started with. */
  readonly services: Readonly<Record<string, { readonly host: string; readonly password: string | undefined }>>;
}

interface GitHubJob {
  readonly steps: readonly Readonly<Record<string, unknown>>[];
  readonly env?: Readonly<Record<string, string>>;
  readonly services?: Readonly<Record<string, { image: string; ports: string[]; env: Record<string, string> }>>;
}

/** Each step is a shell of its own. Those that use an action set up what this machine has. */
function gitHub(file: { readonly jobs: Readonly<Record<string, GitHubJob>> }): Told[] {
  known("the workflow", file, ["name", "on", "permissions", "concurrency", "jobs"]);
  return Object.entries(file.jobs).flatMap(([job, content]) => {
    known(job, content, ["runs-on", "timeout-minutes", "permissions", "services", "env", "steps"]);
    const services = Object.values(content.services ?? {}).map(({ image, ports, env }) => {
      const [port] = ports[0]?.split(":") ?? [];
      return [image.split(":", 1)[0] ?? "", { host: `127.0.0.1:${port}`, password: env.POSTGRES_PASSWORD }] as const;
    });
    return content.steps.flatMap((step) => {
      known(job, step, ["name", "uses", "with", "run"]);
      if (typeof step.run !== "string") {
        if (!actions.includes(String(step.uses))) throw new Error(`${step.uses} is not among the pinned actions.`);
        return [];
      }
      return [{ job, lines: step.run, environment: content.env ?? {}, services: Object.fromEntries(services) }];
    });
  });
}

interface GitLabJob {
  readonly script: readonly string[];
  readonly before_script?: readonly string[];
  readonly services?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** All lines of a job are one shell; a variable may name others. */
function gitLab(file: Readonly<Record<string, GitLabJob>>, folder: string): Told[] {
  const { workflow: _, default: all, variables, ...jobs } = file;
  known("default", all ?? {}, ["image", "before_script", "interruptible", "timeout", "cache"]);
  return Object.entries(jobs).map(([job, content]) => {
    known(job, content, ["image", "before_script", "script", "services", "variables", "cache"]);
    const given = { ...variables, ...content.variables } as Record<string, string>;
    const expand = (value: string) => value.replace(/\$CI_PROJECT_DIR\b/g, folder);
    const services = (content.services ?? []).map((image) => {
      const [name = ""] = image.split(":", 1);
      return [name, { host: `${name}:5432`, password: given.POSTGRES_PASSWORD }] as const;
    });
    return {
      job,
      lines: [...(content.before_script ?? all?.before_script ?? []), ...content.script].join("\n"),
      environment: {
        CI_PROJECT_DIR: folder,
        ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, expand(String(value))])),
      },
      services: Object.fromEntries(services),
    };
  });
}

/** The variables with each URL of a service led to where it is here. */
function reached({ environment, services }: Told, here: Readonly<Record<string, URL>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      if (!/^postgres(ql)?:/.test(value)) return [name, value];
      const url = new URL(value);
      const service = services.postgres;
      if (service?.host !== url.host || service.password !== url.password || !here.postgres)
        throw new Error(`${name} is ${value}, where the job has no such service.`);
      url.host = here.postgres.host;
      return [name, url.href];
    }),
  );
}

function known(where: string, value: object, keys: readonly string[]): void {
  const strange = Object.keys(value).filter((key) => !keys.includes(key));
  if (strange.length > 0) throw new Error(`Nothing here knows what ${strange.join(", ")} of ${where} does.`);
  if (JSON.stringify(value).includes("${{") && where !== "the workflow")
    throw new Error(`Nothing here evaluates the expression in ${where}.`);
}

const pins = readFileSync(path.join(import.meta.dirname, "../../templates/shared/pins.yaml"), "utf8");

/** As a step names them, `owner/name@commit`. */
const actions = Object.entries<string>(parse(pins))
  .filter(([name]) => name.includes("/"))
  .map(([name, pin]) => `${name}@${pin.split(" ", 1)[0]}`);
