/** One effect that is about to happen; dry run, summary and tests read the same list. */
export type Step =
  | { readonly kind: "write"; readonly path: string; readonly bytes: number }
  /** Of a file that is there, outside the target: its path is relative to the target too. */
  | { readonly kind: "edit"; readonly path: string; readonly bytes: number; readonly why: string }
  | { readonly kind: "run"; readonly command: readonly string[]; readonly why: string };

/** One effect of a later change. */
export type ChangeStep =
  | { readonly kind: "write"; readonly path: string; readonly bytes: number }
  | { readonly kind: "remove"; readonly path: string };
