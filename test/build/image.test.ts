import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, newCluster } from "../support/cluster.ts";
import { mayMount } from "../support/disks.ts";
import { languages, treeOf, writeTree } from "../support/emit.ts";
import { answerTo } from "../support/http.ts";
import { type Base, buildImage, checkHealth, filesOf, type Image, runImage } from "../support/image.ts";
import { complaintsOf } from "../support/outside.ts";
import { freePort } from "../support/ports.ts";
import { createDatabase } from "../support/psql.ts";
import { nodeOf, type Toolchain, toolchain } from "../support/toolchains.ts";

const databases = ["sqlite", "postgres"] as const;
const subjects = languages
  .flatMap((language) => databases.map((database) => ({ language, database })))
  .filter(({ language, database }) => existsSync(`templates/${language}/database-${database}`))
  .flatMap((each) => [
    { ...each, footprint: "normal" },
    ...(existsSync(`templates/${each.language}/feature-small-image`) ? [{ ...each, footprint: "tight" }] : []),
  ]);

let folder: string;
let cluster: Cluster;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "image-"));
  cluster = await newCluster();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cluster[Symbol.asyncDispose]();
});

test.each(subjects)(
  "outside linters find nothing to say of $language on $database, footprint $footprint",
  async (subject) => {
    const tree = await treeOf(subject);
    const repository = path.join(folder, `${Object.values(subject).join("-")}-linted`);
    writeTree(tree, repository);
    expect(complaintsOf("hadolint", ["Dockerfile"], repository)).toBe("");
    if (!tree.has("compose.yaml")) return;
    const schema = ["--builtin-schema", "vendor.compose-spec"];
    expect(complaintsOf("check-jsonschema", [...schema, "compose.yaml"], repository)).toBe("");
  },
);

/** No container engine can be had everywhere, but every step of a Dockerfile can be taken by root on Linux. */
describe.runIf(mayMount(mkdtempSync(path.join(tmpdir(), "mount-"))))("each step of the Dockerfile, taken", () => {
  describe.each(subjects)("$language on $database, footprint $footprint", (subject) => {
    const { language, database } = subject;
    const name = Object.values(subject).join("-");
    let image: Image;

    test("builds an image that holds the service and nothing else of the repository", async () => {
      const repository = path.join(folder, name);
      writeTree(await treeOf(subject), repository);
      const stages = path.join(folder, `${name}-stages`);
      const target = toolchain("rust").CARGO_TARGET_DIR ?? "";
      image = buildImage(repository, stages, baseOf(language), language === "rust" ? { "/src/target": target } : {});
      const other = filesOf(image).filter((file) => !/node_modules/.test(file) && !expected[language].test(file));
      expect(other).toEqual([]);
    });

    test("runs as a user without rights on a root that cannot be written, and stops in order", async () => {
      const port = await freePort();
      const environment = {
        PORT: String(port),
        ...(database === "postgres" && { DATABASE_URL: createDatabase(cluster.url) }),
      };
      const child = runImage(image, environment);
      let log = "";
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += chunk));
      const exit = once(child, "exit");
      await expect.poll(() => log, { timeout: 60_000 }).toContain('"listening"');

      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe(String(image.user));
      expect(image.user).toBeGreaterThan(0);
      const [root] = readFileSync(`/proc/${child.pid}/mounts`, "utf8")
        .split("\n")
        .filter((line) => line.split(" ")[1] === "/");
      expect(root).toMatch(/ ro\b/);

      const call = (target: string, body?: object) => answerTo({ host: "127.0.0.1", port }, target, { body });
      expect((await call("GET /livez")).status).toBe(200);
      expect((await call("POST /v1/items", { name: "Crate", quantity: 1 })).status).toBe(201);
      expect((await call("GET /readyz")).status).toBe(200);
      if (image.health) checkHealth(image, environment);
      child.kill("SIGTERM");
      expect(await exit, log).toEqual([0, null]);
    });
  });
});

const expected: Record<Toolchain, RegExp> = {
  rust: /^(usr\/local\/bin\/orders)$/,
  go: /^(usr\/local\/bin\/orders|etc\/ssl\/certs\/ca-certificates\.crt)$/,
  typescript: /^app\/(openapi\.json|package\.json|migrations\/\d+_\w+\.sql|src\/(?!.*test).*\.ts|dist\/main\.mjs)$/,
};

const everything = () =>
  readdirSync("/", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => `/${name}`)
    .filter((name) => !["/app", "/data", "/dev", "/proc", "/src", "/sys", "/tmp"].includes(name));

/** The shared libraries, which a static program does without. */
const libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"].filter((name) => existsSync(name));

function baseOf(language: Toolchain): (image: string) => Base {
  let first = true;
  return (image) => {
    const isBuild = first;
    first = false;
    const [, name, version = ""] = /^([^:]+)(?::([\d.]+))?/.exec(image) ?? [];
    const environment = toolchain(language);
    if (name === "rust")
      return {
        // A builder's cache may lie where each container has a folder of its own, such as in /tmp.
        folders: [...everything(), environment.CARGO_TARGET_DIR ?? ""],
        environment: { ...environment, RUSTUP_TOOLCHAIN: version, CARGO_TARGET_DIR: undefined },
      };
    if (name === "golang")
      return { folders: everything(), environment: { ...environment, GOTOOLCHAIN: `go${version}` } };
    if (name === "node" && isBuild) return { folders: everything(), environment };
    const node = path.dirname(nodeOf(24));
    if (name === "node") return { folders: [...libraries, node], environment: { PATH: node } };
    if (name === "gcr.io/distroless/nodejs24-debian13")
      return { folders: libraries, elsewhere: { "/nodejs/bin": node }, environment: {} };
    if (name === "gcr.io/distroless/cc-debian13") return { folders: libraries, environment: {} };
    if (name === "gcr.io/distroless/static-debian13" || name === "scratch") return { folders: [], environment: {} };
    throw new Error(`Nothing stands in for the base image ${image}.`);
  };
}
