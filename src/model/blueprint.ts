import type { Answers } from "../decide/questions.ts";
import type { Choices, Database } from "./choices.ts";
import type { Resource } from "./resource.ts";
import type { Language, Verdict } from "./verdict.ts";
import type { Workspace } from "./workspace.ts";

/** A capability of the emitted service that an answer asks for; its layers are `<language>/feature-<id>`. */
export interface Feature {
  readonly id: string;
  readonly about: string;
}

/** Answers + verdict + the choices with no bearing on it: all that emission needs. */
export interface Blueprint {
  /** Version of create-groundwork that draws it. */
  readonly version: string;
  readonly name: string;
  readonly description: string;
  /** Go module path. */
  readonly module: string;
  readonly language: Language;
  readonly database: Database;
  readonly answers: Answers;
  readonly choices: Choices;
  readonly verdict: Verdict;
  readonly resources: readonly Resource[];
  /** Resource → number of its migration. */
  readonly migrations: Readonly<Record<string, number>>;
  readonly features: readonly Feature[];
  /** Asked for by an answer, and not built yet. */
  readonly missing: readonly Feature[];
  /** Absent when nothing above the repository concerns it. */
  readonly workspace?: Workspace;
}
