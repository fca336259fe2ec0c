import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Registry {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  close(): void;
}

export interface Release {
  /** Path of the packed package. */
  readonly tarball: string;
  readonly manifest: { readonly name: string; readonly version: string };
}

/** A registry on this machine that has one package, in one version or several with the latest last, and nothing else. */
export async function serve(...releases: readonly [Release, ...Release[]]): Promise<Registry> {
  const { name } = releases[0].manifest;
  const versions = releases.map(({ tarball, manifest }) => ({ manifest, bytes: readFileSync(tarball) }));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(path);
    const release = versions.find(({ manifest }) => path.endsWith(`/${name}-${manifest.version}.tgz`));
    if (path === `/${name}`) {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(packument()));
    } else if (release) response.end(release.bytes);
    else response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function packument(): object {
    const published = versions.map(({ manifest, bytes }) => {
      const digest = (algorithm: string, encoding: "hex" | "base64") =>
        createHash(algorithm).update(bytes).digest(encoding);
      const dist = {
        tarball: `${url}/${name}/-/${name}-${manifest.version}.tgz`,
        shasum: digest("sha1", "hex"),
        integrity: `sha512-${digest("sha512", "base64")}`,
      };
      return [manifest.version, { ...manifest, dist }] as const;
    });
    return {
      name,
      "dist-tags": { latest: published.at(-1)?.[0] },
      versions: Object.fromEntries(published),
      time: Object.fromEntries(published.map(([version]) => [version, "2026-01-01T00:00:00.000Z"])),
    };
  }

  return { url, asked, close: () => server.close() };
}
