import { check } from "../check.ts";
import { version } from "../version.ts";
import { type Flag, jsonFlag, parseFlags } from "./flags.ts";
import { exitCodes } from "./report.ts";
import { refuseWords } from "./words.ts";

export const checkFlags: readonly Flag[] = [{ name: "current", about: "also when an older version drew it" }, jsonFlag];

/** Says where the repository that it runs in has drifted from what was emitted. */
export async function run(argv: readonly string[]): Promise<number> {
  const { words, switches } = parseFlags(argv, checkFlags, process.env);
  refuseWords(words);
  const findings = check(process.cwd(), switches.has("current"));
  if (switches.has("json")) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
  else {
    for (const { path = "this repository", kind, about } of findings) {
      process.stdout.write(`${kind.padEnd(7)} ${path}: ${about}\n`);
    }
    if (findings.length > 0) process.stderr.write(`${hints(findings.map(({ kind }) => kind))}\n`);
  }
  return findings.length > 0 ? exitCodes.drift : 0;
}

function hints(kinds: readonly string[]): string {
  const program = `npx create-groundwork@${version}`;
  const rows = {
    edited: "Take an edited file back from version control, and put what is your own into a file of your own.",
    missing: `Take a missing file back, or run ${program} resolve PATH to say that it is removed on purpose.`,
    pending: `Mend a pending file, and run ${program} resolve.`,
    older: `Run ${program} update.`,
  };
  return Object.entries(rows)
    .flatMap(([kind, hint]) => (kinds.includes(kind) ? [hint] : []))
    .join("\n");
}
