import { openRepository } from "./change.ts";
import { readFiles } from "./edges/repository.ts";
import { sha256 } from "./scaffold.ts";
import { unify } from "./update/text.ts";
import { compareVersions } from "./update/version.ts";
import { version } from "./version.ts";

export interface Finding {
  /** Of the file; none for the version of the whole. */
  readonly path?: string;
  readonly kind: "edited" | "missing" | "pending" | "older";
  readonly about: string;
}

/**
 * Holds a repository against its manifest, without a network.
 * @param from the repository, or a folder inside it
 * @param current whether an older version is a finding too
 * @throws Problem when there is no repository, or its manifest is unusable
 */
export function check(from: string, current: boolean): Finding[] {
  const { folder, manifest } = openRepository(from);
  const there = readFiles(folder, Object.keys(manifest.files));
  const findings: Finding[] = manifest.pending.map(({ path, reason }) => ({ path, kind: "pending", about: reason }));
  for (const [path, { policy, hash }] of Object.entries(manifest.files)) {
    const file = there.get(path);
    if (!file && !manifest.deleted?.includes(path)) {
      findings.push({ path, kind: "missing", about: "it is missing, and nobody has said that it should be" });
    }
    if (file && policy === "owned" && sha256(unify(file.content ?? "")) !== hash) {
      findings.push({ path, kind: "edited", about: "it is edited, and ours to write" });
    }
  }
  if (current && compareVersions(manifest.version, version) < 0) {
    findings.push({ kind: "older", about: `it was drawn by ${manifest.version}, and this is ${version}` });
  }
  return findings;
}
