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

/** A registry on this machine that has one package, as a tarball, and nothing else. */
export async function serve(
  tarball: string,
  manifest: { readonly name: string; readonly version: string },
): Promise<Registry> {
  const bytes = readFileSync(tarball);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(path);
    if (path === `/${manifest.name}`) {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(packument()));
    } else if (path.endsWith(".tgz")) response.end(bytes);
    else response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function packument(): object {
    const { name, version } = manifest;
    const digest = (algorithm: string, encoding: "hex" | "base64") =>
      createHash(algorithm).update(bytes).digest(encoding);
    const dist = {
      tarball: `${url}/${name}/-/${name}-${version}.tgz`,
      shasum: digest("sha1", "hex"),
      integrity: `sha512-${digest("sha512", "base64")}`,
    };
    return {
      name,
      "dist-tags": { latest: version },
      versions: { [version]: { ...manifest, dist } },
      time: { [version]: "2026-01-01T00:00:00.000Z" },
    };
  }

  return { url, asked, close: () => server.close() };
}
