import type { Answers } from "../decide/questions.ts";
import type { Feature } from "../model/blueprint.ts";

interface FeatureRow extends Feature {
  readonly asked: (answers: Answers) => boolean;
}

/** The one list of what an answer brings; a row whose layer does not exist yet is named as missing, never dropped in silence. */
export const features: readonly FeatureRow[] = [
  { id: "gateway", about: "routes to upstreams", asked: ({ kind }) => kind === "api_gateway" },
  { id: "pipeline", about: "a job pipeline", asked: ({ kind }) => kind === "data_processing" },
  { id: "events", about: "event windows and live streams", asked: ({ kind }) => kind === "realtime_events" },
  { id: "reconciler", about: "a reconcile loop", asked: ({ kind }) => kind === "infra_tooling" },
  { id: "admin", about: "admin pages", asked: ({ kind }) => kind === "internal_tool" },
  { id: "ledger", about: "a double-entry ledger", asked: ({ stakes }) => stakes?.includes("money") ?? false },
  { id: "shedding", about: "load shedding", asked: ({ stakes }) => stakes?.includes("rock_solid_load") ?? false },
  { id: "metrics", about: "a metrics endpoint", asked: ({ stakes }) => stakes?.includes("core_service") ?? false },
  {
    id: "import",
    about: "a streaming CSV import",
    asked: ({ hard_parts }) => hard_parts?.includes("untrusted_input") ?? false,
  },
  { id: "team", about: "files for many contributors", asked: ({ team }) => team === "many" },
  { id: "small-image", about: "the smallest image and profile", asked: ({ footprint }) => footprint === "tight" },
];

/** Kinds whose main feature is one of their own, so that a resource is emitted only in its absence or when asked for. */
const ownFeature = new Set(["gateway", "pipeline", "events", "reconciler"]);

/** What the answers ask for: features whose layer exists for the language, and those whose layer does not. */
export function selectFeatures(
  answers: Answers,
  resourceGiven: boolean,
  exists: (feature: string) => boolean,
): { readonly emitted: readonly Feature[]; readonly missing: readonly Feature[] } {
  const asked = features.filter((row) => row.asked(answers)).map(({ id, about }) => ({ id, about }));
  const emitted = asked.filter(({ id }) => exists(id));
  const missing = asked.filter(({ id }) => !exists(id));
  const kindIsBuilt = emitted.some(({ id }) => ownFeature.has(id));
  if (resourceGiven || !kindIsBuilt) emitted.unshift({ id: "resource", about: "a resource end to end" });
  return { emitted, missing };
}
