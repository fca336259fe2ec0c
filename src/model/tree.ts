/** Whose a file is after emission; docs/policies.md says what a later change may do to each. */
export const policies = ["owned", "merged", "data", "once", "lock"] as const;
export type Policy = (typeof policies)[number];

export interface TreeFile {
  readonly content: string;
  readonly executable: boolean;
  readonly policy: Policy;
}

/** Path → file; paths are relative, with `/`, in code-unit order. */
export type Tree = ReadonlyMap<string, TreeFile>;
