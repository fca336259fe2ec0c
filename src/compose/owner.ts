import type { Answers } from "../decide/questions.ts";
import type { Choices } from "../model/choices.ts";
import { Problem } from "../problem.ts";

/** Somebody whom a forge can ask for a review: a user, a group or team, or an e-mail address. */
const reviewer = /^(?:@[a-z\d][\w.-]*(?:\/[\w.-]+)*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)$/i;

/** A person's or a firm's name, as it stands in a licence. */
const holder = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,&'’()/-]{0,99}$/u;

/** @throws Problem when the owner is nobody, or would stand nowhere. */
export function checkOwner({ team }: Answers, { owner, license = "none" }: Choices): void {
  if (owner === undefined) return;
  if (team !== "many" && license === "none") {
    throw new Problem(
      "--owner has no effect without a licence to hold or a team to share the code with.",
      "Leave --owner out, or add --license mit or --team many.",
    );
  }
  if (!reviewer.test(owner) && (team === "many" || !holder.test(owner))) {
    throw new Problem(
      `"${owner}" is no ${team === "many" ? "owner whom a forge can ask for a review" : "name of an owner"}.`,
      "Write @user, @organisation/team or an e-mail address, such as @acme/backend.",
    );
  }
}

/** The licence as SPDX names it; empty where there is none, or none that it knows. */
export const spdxOf = ({ license }: Choices): string =>
  ({ mit: "MIT", "apache-2.0": "Apache-2.0", proprietary: "", none: "" })[license ?? "none"];

/** Who holds the rights: of a team its organisation, of nobody named those who wrote it. */
export function holderOf({ owner }: Choices, service: string): string {
  return owner?.replace(/^@([^/]+).*$/, "$1") ?? `the ${service} authors`;
}
