/** What a person sees at one moment: some lines, and one thing to answer. How it is drawn is the terminal's affair. */
export type Screen = OneScreen | SeveralScreen | TextScreen;

export interface OneScreen extends Common {
  readonly kind: "one";
  readonly options: readonly Option[];
  /** Where the cursor starts. */
  readonly initial: string | undefined;
}

export interface SeveralScreen extends Common {
  readonly kind: "several";
  readonly options: readonly Option[];
  readonly chosen: readonly string[];
}

export interface TextScreen extends Common {
  readonly kind: "text";
  /** Taken when nothing is typed. */
  readonly initial: string;
}

interface Common {
  /** What stands above the question. */
  readonly lines: readonly string[];
  readonly message: string;
}

export interface Option {
  readonly id: string;
  /** Shown instead of the id. */
  readonly title?: string;
  readonly means: string;
}

/** The id of an option or several, or a text. */
export type Reply = string | readonly string[];

/** An option of every list but the first screen's; typed as `<` where a text is asked for. */
export const back = "back";
export const backText = "<";
/** Leaves a question open. */
export const unsure = "unsure";
