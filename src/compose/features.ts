import { holds } from "../decide/premise.ts";
import type { Answers, Option, QuestionId } from "../decide/questions.ts";
import type { Feature } from "../model/blueprint.ts";
import type { Language } from "../model/verdict.ts";

export interface FeatureRow extends Feature {
  /** The one answer that asks for it. */
  readonly when: { readonly [Id in QuestionId]?: Option<Id> };
  /** It has nothing of a language in it, and is there for all of them at once. */
  readonly shared?: true;
  /** A layer that every repository has otherwise. */
  readonly insteadOf?: "image";
}

/** The one list of what an answer brings; a row whose layer does not exist yet is named as missing, never dropped in silence. */
export const features: readonly FeatureRow[] = [
  { id: "gateway", about: "routes to upstreams", when: { kind: "api_gateway" } },
  { id: "pipeline", about: "a job pipeline", when: { kind: "data_processing" } },
  { id: "events", about: "event windows and live streams", when: { kind: "realtime_events" } },
  { id: "reconciler", about: "a reconcile loop", when: { kind: "infra_tooling" } },
  { id: "admin", about: "admin pages", when: { kind: "internal_tool" } },
  { id: "ledger", about: "a double-entry ledger", when: { stakes: "money" } },
  { id: "shedding", about: "load shedding", when: { stakes: "rock_solid_load" } },
  { id: "metrics", about: "a metrics endpoint", when: { stakes: "core_service" } },
  { id: "import", about: "a streaming CSV import", when: { hard_parts: "untrusted_input" } },
  { id: "team", about: "files for many contributors", when: { team: "many" }, shared: true },
  { id: "small-image", about: "the smallest image and profile", when: { footprint: "tight" }, insteadOf: "image" },
];

/** Kinds whose main feature is one of their own, so that a resource is emitted only in its absence or when asked for. */
const ownFeature = new Set(["gateway", "pipeline", "events", "reconciler"]);

/** Whether the feature is built for a language; `exists` knows the folders of `templates/`. */
export function isBuilt({ id, shared }: FeatureRow, language: Language, exists: (layer: string) => boolean): boolean {
  return exists(`${shared ? "shared" : language}/feature-${id}`);
}

/** What the answers ask for: features that are built for the language, and those that are not. */
export function selectFeatures(
  answers: Answers,
  resourceGiven: boolean,
  language: Language,
  exists: (layer: string) => boolean,
): { readonly emitted: readonly Feature[]; readonly missing: readonly Feature[] } {
  const asked = features.filter(({ when }) => holds(when, answers));
  const named = (rows: readonly FeatureRow[]) => rows.map(({ id, about }) => ({ id, about }));
  const emitted = named(asked.filter((row) => isBuilt(row, language, exists)));
  const missing = named(asked.filter((row) => !isBuilt(row, language, exists)));
  const kindIsBuilt = emitted.some(({ id }) => ownFeature.has(id));
  if (resourceGiven || !kindIsBuilt) emitted.unshift({ id: "resource", about: "a resource end to end" });
  return { emitted, missing };
}
