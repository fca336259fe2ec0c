import { nearest } from "../nearest.ts";
import { Problem } from "../problem.ts";
import { version } from "../version.ts";
import { carryOut, changeFlags } from "./change.ts";
import { parseFlags } from "./flags.ts";
import { refuseWords } from "./words.ts";

/** What can be added, and the change that it is. */
const additions: Readonly<Record<string, { readonly example: string; readonly amendment: (what: string) => string }>> =
  {
    resource: { example: '"invoice number:text amount:money"', amendment: (what) => `resource+=${what}` },
    ci: { example: "github", amendment: (what) => `ci=${what}` },
  };

/** `add resource "…"` and `add ci github`: changes by another name. */
export async function run(argv: readonly string[]): Promise<number> {
  const parsed = parseFlags(argv, changeFlags, process.env);
  const [kind = "", what, ...surplus] = parsed.words;
  const addition = Object.hasOwn(additions, kind) ? additions[kind] : undefined;
  if (!addition) {
    const kinds = Object.keys(additions);
    throw new Problem(`"${kind}" cannot be added.`, `${nearest(kind, kinds)}It takes ${kinds.join(" or ")}.`);
  }
  const { example, amendment } = addition;
  if (what === undefined) {
    throw new Problem(`There is no ${kind} to add.`, `Write npx create-groundwork@${version} add ${kind} ${example}.`);
  }
  refuseWords(surplus);
  return carryOut(parsed, { amendments: [amendment(what)] });
}
