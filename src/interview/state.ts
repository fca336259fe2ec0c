import type { Said } from "../answers.ts";
import type { Contradiction } from "../decide/contradictions.ts";
import type { QuestionId } from "../decide/questions.ts";
import type { Language } from "../model/verdict.ts";
import type { Reply } from "./screen.ts";

/** What the flow has to know of the world. */
export interface Surroundings {
  /** Whether `templates/` has the layer. */
  readonly exists: (layer: string) => boolean;
  /** What a service in the folder is called, unless the person says otherwise. */
  readonly nameOf: (folder: string) => string;
}

/** Where an interview stands. Each reply makes a new one that remembers the one before, so that going back is exact. */
export interface State extends Said {
  readonly folder: string | undefined;
  /** Questions that were asked and left open. */
  readonly passed: readonly QuestionId[];
  /** Contradictions that were asked about, by the questions that contradict. */
  readonly named: readonly string[];
  /** Whether the plan was seen. */
  readonly planned: boolean;
  /** The language that the rules gave before a pick on the plan turned it. */
  readonly turnedFrom: Language | undefined;
  /** Where the person went by choice; otherwise the interview goes on. */
  readonly at: Place | undefined;
  readonly accepted: boolean;
  /** Why the last reply could not be taken. */
  readonly fault: string | undefined;
  readonly before: State | undefined;
  /** The reply that led here, and the one that was given here before the person came back. */
  readonly reply: Reply | undefined;
  readonly recalled: Reply | undefined;
}

export type Place =
  | { readonly kind: "question"; readonly id: QuestionId }
  | { readonly kind: "contradiction"; readonly found: Contradiction }
  | { readonly kind: "plan" | "verdict" | "why" | "language" | "change" | "folder" | "resource" };

export function start({ answers, choices }: Said, folder: string | undefined): State {
  return {
    answers,
    choices,
    folder,
    passed: [],
    named: [],
    planned: false,
    turnedFrom: undefined,
    at: undefined,
    accepted: false,
    fault: undefined,
    before: undefined,
    reply: undefined,
    recalled: undefined,
  };
}
