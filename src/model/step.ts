/** One effect that is about to happen; dry run, summary and tests read the same list. */
export type Step =
  | { readonly kind: "write"; readonly path: string; readonly bytes: number }
  /** Of a file outside the target, whose path is relative to the target too: one that is there, or a new one. */
  | { readonly kind: "edit" | "create"; readonly path: string; readonly bytes: number; readonly why: string }
  | { readonly kind: "run"; readonly command: readonly string[]; readonly why: string };

/** One effect of a later change. */
export type ChangeStep =
  | { readonly kind: "write"; readonly path: string; readonly bytes: number }
  | { readonly kind: "edit" | "create"; readonly path: string; readonly bytes: number; readonly why: string }
  | { readonly kind: "remove"; readonly path: string };
