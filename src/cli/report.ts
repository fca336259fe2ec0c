import { Interrupted, Problem } from "../problem.ts";

/** A signal is told as a shell tells it: 128 and its number. */
export const exitCodes = {
  fault: 1,
  problem: 2,
  drift: 3,
  conflicts: 4,
  SIGHUP: 129,
  SIGINT: 130,
  SIGPIPE: 141,
  SIGTERM: 143,
} as const;

/** What an error is to the one who ran the program: an exit code, and text for stderr. */
export function reportOf(error: unknown, asJson: boolean): { readonly code: number; readonly text: string } {
  if (error instanceof Interrupted) return { code: exitCodes[error.signal], text: "" };
  const code = error instanceof Problem ? exitCodes.problem : exitCodes.fault;
  const { message, hint } = error instanceof Problem ? error : faultOf(error);
  const text = asJson ? JSON.stringify({ problem: message, hint }) : `${shown(message)}\n${shown(hint)}`;
  return { code, text: `${text}\n` };
}

function faultOf(error: unknown): { readonly message: string; readonly hint: string } {
  return {
    message: "This is a fault of create-groundwork; please report it with the lines below.",
    hint: (error instanceof Error ? error.stack : undefined) ?? String(error),
  };
}

const longestLine = 400;

/** A message may quote what was given, which must neither flood a terminal nor command it. */
function shown(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)} …` : line))
    .map((line) => line.replaceAll(/\p{Cc}/gu, escaped))
    .join("\n");
}

const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
