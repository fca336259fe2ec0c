import type { Policy } from "../model/tree.ts";

/** The first row that matches a path names its policy; docs/policies.md is this table in words. */
export const policyRows: readonly { readonly pattern: RegExp; readonly policy: Policy; readonly because: string }[] = [
  { pattern: /(^|\/)migrations\/[^/]+\.sql$/, policy: "once", because: "an applied migration is never rewritten" },
  { pattern: /^docs\/decisions\//, policy: "once", because: "a decision record is history" },
  { pattern: /^LICENSE$/, policy: "once", because: "a licence is the owner's word" },
  { pattern: /(^|\/)(Cargo\.lock|package-lock\.json|go\.sum)$/, policy: "lock", because: "its own tool writes it" },
  { pattern: /^openapi\.json$/, policy: "data", because: "the user's own routes are described in it too" },
  {
    pattern: /(^|\/)(Cargo\.toml|package\.json|go\.mod|tsconfig\.json|biome\.json)$/,
    policy: "data",
    because: "what holds data is merged by key",
  },
  {
    pattern: /(^|\/)resources\.(rs|go|ts)$/,
    policy: "owned",
    because: "registrations are kept apart from the user's routes",
  },
  { pattern: /(^|\/)(rust-toolchain\.toml|\.nvmrc)$/, policy: "owned", because: "the toolchain moves with the pins" },
  { pattern: /./, policy: "merged", because: "everything else is the user's to edit" },
];

export function policyOf(path: string): Policy {
  return policyRows.find((row) => row.pattern.test(path))?.policy ?? "merged";
}
