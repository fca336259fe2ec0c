import { holds } from "../decide/premise.ts";
import type { Answers, Option, QuestionId } from "../decide/questions.ts";
import type { Feature } from "../model/blueprint.ts";

export interface FeatureRow extends Feature {
  /** The one answer that asks for it. */
  readonly when: { readonly [Id in QuestionId]?: Option<Id> };
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
  { id: "team", about: "files for many contributors", when: { team: "many" } },
  { id: "small-image", about: "the smallest image and profile", when: { footprint: "tight" } },
];

/** Kinds whose main feature is one of their own, so that a resource is emitted only in its absence or when asked for. */
const ownFeature = new Set(["gateway", "pipeline", "events", "reconciler"]);

/** What the answers ask for: features whose layer exists for the language, and those whose layer does not. */
export function selectFeatures(
  answers: Answers,
  resourceGiven: boolean,
  exists: (feature: string) => boolean,
): { readonly emitted: readonly Feature[]; readonly missing: readonly Feature[] } {
  const asked = features.filter(({ when }) => holds(when, answers)).map(({ id, about }) => ({ id, about }));
  const emitted = asked.filter(({ id }) => exists(id));
  const missing = asked.filter(({ id }) => !exists(id));
  const kindIsBuilt = emitted.some(({ id }) => ownFeature.has(id));
  if (resourceGiven || !kindIsBuilt) emitted.unshift({ id: "resource", about: "a resource end to end" });
  return { emitted, missing };
}
