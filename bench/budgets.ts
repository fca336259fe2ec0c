import type { Database } from "../src/model/choices.ts";
import type { Language } from "../src/model/verdict.ts";

export interface Budget {
  /** CPU of a request of each kind, against the bare service. */
  readonly ratio: number;
  /** Wall time, so that it is meant for an idle machine; undefined where CPU is what counts. */
  readonly startWallMs?: number;
  readonly startCpuMs?: number;
  readonly restMiB: number;
  readonly artefactMB: number;
  readonly parts: number;
  readonly coldSeconds: number;
}

/** Logs on, each service with everything that it has switched on. The ratios are for both databases. */
export function budgetOf(language: Language, database: Database): Budget {
  return database === "postgres" ? { ...budgets[language], ...onPostgres[language] } : budgets[language];
}

const budgets: Readonly<Record<Language, Budget>> = {
  rust: { ratio: 1.25, startWallMs: 20, restMiB: 7, artefactMB: 4.2, parts: 145, coldSeconds: 80 },
  go: { ratio: 1.25, startWallMs: 20, restMiB: 15, artefactMB: 15.5, parts: 14, coldSeconds: 65 },
  typescript: { ratio: 1.25, startCpuMs: 400, restMiB: 105, artefactMB: 20, parts: 75, coldSeconds: 7 },
};

/** sqlx brings TLS here, and no SQLite. */
const onPostgres: Readonly<Partial<Record<Language, Partial<Budget>>>> = { rust: { artefactMB: 5, parts: 175 } };
