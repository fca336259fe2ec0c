import type { QuestionId } from "../decide/questions.ts";

export const languages = ["rust", "go", "typescript"] as const;
export type Language = (typeof languages)[number];

/** As their own people spell them. */
export const languageNames: Readonly<Record<Language, string>> = { rust: "Rust", go: "Go", typescript: "TypeScript" };

export const strengths = ["decisive", "strong", "mild"] as const;
export type Strength = (typeof strengths)[number];

/**
 * `close`: a declared conflict stands, or one mild rule or one unasked question can turn the language.
 * `clear`: no single change of one answer turns it, and nothing is overridden.
 * `leaning`: everything between.
 */
export type Confidence = "close" | "leaning" | "clear";

export interface VerdictRule {
  readonly id: string;
  readonly favours: Language;
  readonly strength: Strength;
  readonly status: "counted" | "overridden";
  /** The questions whose answers its premise reads; none for the default. */
  readonly answers: readonly QuestionId[];
  readonly because: string;
  readonly section: string;
}

/** Two rules that meet where the article does not rank them. */
export interface VerdictConflict {
  readonly id: string;
  readonly between: readonly [string, string];
  readonly message: string;
  readonly settle: string;
}

export interface Flip {
  /** Question → its whole new value. */
  readonly change: Readonly<Partial<Record<QuestionId, string | readonly string[]>>>;
  readonly language: Language;
}

/** The keys stand in the order in which `decide --json` prints them. */
export interface Verdict {
  readonly language: Language;
  readonly confidence: Confidence;
  readonly ranking: readonly Language[];
  readonly rules: readonly VerdictRule[];
  readonly conflicts: readonly VerdictConflict[];
  readonly flips: readonly Flip[];
  /** Questions whose answers could still change the language, the next to ask first. */
  readonly open: readonly QuestionId[];
  readonly notConsidered: readonly string[];
  /** What the person took instead. */
  readonly chosen?: Language;
}
