import path from "node:path";
import { execa } from "execa";
import { inject } from "vitest";

export interface Run {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the packed program in a folder, without a terminal and without the tester's own npm settings. */
export async function groundwork(
  cwd: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<Run> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|CI$|VITEST|GIT_)/.test(name)));
  const { exitCode, stdout, stderr } = await execa("node", [path.join(inject("packed"), "dist/cli.js"), ...args], {
    cwd,
    env: {
      ...env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "A",
      GIT_COMMITTER_EMAIL: "a@example.com",
      ...options.env,
    },
    extendEnv: false,
    reject: false,
    timeout: 20_000,
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
  });
  return { code: exitCode, stdout, stderr };
}
