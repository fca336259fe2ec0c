import { Problem } from "../../problem.ts";

/** A root that cannot be read is no place to register anything. */
export function unreadable(file: string, why: string): Problem {
  const [line = ""] = why.split("\n");
  return new Problem(
    `${file} cannot be read: ${line.replace(/\.$/, "")}.`,
    "Mend it, or add --no-workspace to keep the service out of that workspace.",
  );
}
