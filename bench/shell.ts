import { execa } from "execa";

export interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs one line to its end and answers its stdout. */
export async function shell(line: string, { folder, env }: Place): Promise<string> {
  const options = { cwd: folder, env, extendEnv: false, reject: false, all: true, stdin: "ignore" } as const;
  const { failed, stdout, all } = await execa("sh", ["-c", line], options);
  if (failed) throw new Error(`${line}\n${all.slice(-4_000)}`);
  return stdout;
}

/** CPU seconds of one line and everything that it started. */
export async function cpuSeconds(line: string, place: Place): Promise<number> {
  const stdout = await shell(`{ ${line}; } >&2 && times`, place);
  const [, children = ""] = stdout.split("\n");
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}
