import { existsSync } from "node:fs";
import path from "node:path";
import { type ChangeOrder, type ChangeOutcome, change, refuseDirt } from "../src/change.ts";
import { manifestPath } from "../src/model/manifest.ts";
import { Problem } from "../src/problem.ts";
import { below, editsBelow } from "./border.ts";
import type { Generator } from "./generator.ts";

/** What can be added to a service that is there, and the change that it is. */
export const additions = [
  {
    name: "resource",
    description: "one more resource for a service that is there, with migration, routes and tests",
    asks: 'Which resource, such as "invoice number:text amount:money"?',
    example: 'resource "invoice number:text amount:money"',
    amendment: (what: string) => `resource+=${what}`,
  },
  {
    name: "ci",
    description: "the pipeline of a forge for a service that is there",
    asks: "Which forge checks each change?",
    options: ["github", "gitlab", "none"],
    example: "ci github",
    amendment: (what: string) => `ci=${what}`,
  },
] as const;

export type Addition = (typeof additions)[number];
type Given = Readonly<Record<string, unknown>>;

/** `create-groundwork add` for hosts that have generators of their own. */
export const additionGenerators: readonly Generator[] = additions.map((addition) => ({
  name: addition.name,
  description: addition.description,
  inputs: [
    { name: "folder", about: "Which service's folder?" },
    { name: addition.name, about: addition.asks },
  ],
  async run(given, root) {
    const order = changeOf(addition, given, root);
    // The host's own --force is about something else.
    await refuseDirt(order.folder, "run npx create-groundwork add with --force");
    const planned = await change({ ...order, dryRun: true, force: true });
    editsBelow(root, planned.folder, planned.edits);
    const outcome = await change({ ...order, dryRun: false, force: true });
    refuseConflicts(outcome);
    return said(outcome, root);
  },
}));

/**
 * The change of a service below a host's root.
 * @throws Problem when an input is missing, or no service is there
 */
export function changeOf(addition: Addition, given: Given, root: string): Pick<ChangeOrder, "folder" | "amendments"> {
  const { folder, [addition.name]: what } = given;
  if (typeof what !== "string") throw new Problem(`There is no ${addition.name} to add.`, `Pass --${addition.example}`);
  const place = typeof folder === "string" && path.resolve(root, folder) !== root ? below(root, folder) : root;
  if (!existsSync(path.join(place, manifestPath))) {
    throw new Problem(`${place} has no ${manifestPath}.`, "Name the folder of a service: --folder services/billing");
  }
  return { folder: place, amendments: [addition.amendment(what)] };
}

/** What came of a change, a line each. */
export function said({ folder, steps, kept, refresh, notes }: ChangeOutcome, root: string): string {
  return [
    `${path.relative(root, folder) || "."}: ${steps.length === 0 ? "nothing to do" : counted(steps.length)}`,
    ...notes,
    ...kept.map((file) => `${file} is no longer ours, and is left because you have edited it.`),
    ...refresh.map((command) => `A lockfile of yours no longer fits. Refresh it: ${command}`),
  ].join("\n");
}

const counted = (files: number) => (files === 1 ? "1 file changed" : `${files} files changed`);

/** All that could be merged is written by then; a host has no other way than a failure to say that the rest waits. */
export function refuseConflicts({ conflicts, to }: ChangeOutcome): void {
  if (conflicts.length === 0) return;
  throw new Problem(
    `These wait for you: ${conflicts.map(({ path: file, reason }) => `${file} (${reason})`).join(", ")}.`,
    `Mend them, and run npx create-groundwork@${to} resolve.`,
  );
}
