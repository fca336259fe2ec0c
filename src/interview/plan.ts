import type { Said } from "../answers.ts";
import { selectFeatures } from "../compose/features.ts";
import { decide } from "../decide/verdict.ts";
import type { Feature } from "../model/blueprint.ts";
import { type Language, languageNames, type Verdict } from "../model/verdict.ts";
import type { Surroundings } from "./state.ts";

export interface Plan {
  readonly verdict: Verdict;
  readonly language: Language;
  readonly emitted: readonly Feature[];
  readonly missing: readonly Feature[];
}

/** What the answers so far come to. */
export function planOf({ answers, choices }: Said, exists: Surroundings["exists"]): Plan {
  const verdict = decide(answers, choices.language);
  const language = verdict.chosen ?? verdict.language;
  const given = choices.resource !== undefined;
  return { verdict, language, ...selectFeatures(answers, given, language, exists) };
}

/** What will be written, and what cannot be yet, a line each. */
export function emission({ language, emitted, missing }: Plan): string[] {
  const named = (some: readonly Feature[]) => some.map(({ about }) => about).join(", ");
  return [
    `In ${languageNames[language]}: ${named(emitted)}.`,
    ...(missing.length > 0 ? [`Asked for and not built yet: ${named(missing)}.`] : []),
  ];
}
