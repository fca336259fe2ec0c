import path from "node:path";
import { execa, type Options } from "execa";
import { inject } from "vitest";

export interface Run {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Standard input that stays open, as that of a person who thinks. */
  readonly stdin?: "open";
  readonly env?: Readonly<Record<string, string>>;
  /** Another Node than the tests' own. */
  readonly node?: string;
  /** Of the user to run as, by number; only root may. */
  readonly user?: number;
}

/** Runs the packed program in a folder, without a terminal and without the tester's own npm settings. */
export async function groundwork(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { exitCode, stdout, stderr } = await start(cwd, args, options);
  return { code: exitCode, stdout, stderr };
}

/** Starts the program in a process group of its own, as a terminal does, for a test that ends it. */
export function start(cwd: string, args: readonly string[], { input, stdin, env, node, user }: RunOptions = {}) {
  const mine = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|CI$|VITEST|GIT_)/.test(name)),
  );
  return execa(node ?? process.execPath, [program(), ...args], {
    cwd,
    env: {
      ...mine,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "A",
      GIT_COMMITTER_EMAIL: "a@example.com",
      ...env,
    },
    extendEnv: false,
    reject: false,
    detached: true,
    cleanup: true,
    timeout: 20_000,
    ...(user !== undefined && { uid: user, gid: user }),
    ...(input === undefined ? { stdin: stdin ? ("pipe" as const) : ("ignore" as const) } : { input }),
  } satisfies Options);
}

const program = () => path.join(inject("packed"), "dist/cli.js");
