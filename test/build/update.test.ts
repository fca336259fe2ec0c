import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Cluster, newCluster } from "../support/cluster.ts";
import { languages } from "../support/emit.ts";
import { type Registry, serve } from "../support/registry.ts";
import { type Released, release } from "../support/releases.ts";
import { toolchain } from "../support/toolchains.ts";

let store: string;
let registry: Registry;
let cluster: Cluster;
let old: Released;
let fresh: Released;
/** Says that it is 0.3.0, and draws something else. */
let forged: Released;
beforeAll(async () => {
  store = mkdtempSync(path.join(tmpdir(), "update-"));
  const packed = inject("packed");
  old = release(packed, store, "0.2.0");
  const newer = (text: string) =>
    text.replace("A test compares routes and members", "A test of its own compares routes and members");
  fresh = release(packed, store, "0.4.0", newer);
  forged = release(packed, store, "0.3.0", newer);
  registry = await serve(old, forged, fresh);
  cluster = await newCluster();
});
afterAll(async () => {
  registry.close();
  await cluster[Symbol.asyncDispose]();
  rmSync(store, { recursive: true, force: true });
});

const identity = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

/** A home of its own, so that no settings of the tester's take part; not waited for in place, because the registry is this process. */
function groundwork({ program }: Released, cwd: string, ...args: string[]) {
  return execa("node", [program, ...args], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: store,
      TMPDIR: store,
      npm_config_registry: registry.url,
      npm_config_cache: path.join(store, "cache"),
      npm_config_update_notifier: "false",
      ...identity,
    },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
}

async function emit(by: Released, ...args: string[]): Promise<string> {
  const folder = path.join(mkdtempSync(path.join(store, "work-")), "billing");
  const { exitCode, stderr } = await groundwork(by, store, folder, "--yes", "--name", "billing", ...args);
  expect(exitCode, stderr).toBe(0);
  return folder;
}

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");
const edit = (folder: string, file: string, change: (text: string) => string) => {
  const before = read(folder, file);
  const after = change(before);
  expect(after, `nothing of ${file} is edited`).not.toBe(before);
  writeFileSync(path.join(folder, file), after);
};
const git = (folder: string, ...args: string[]) => execaSync("git", args, { cwd: folder, env: identity });
const commit = (folder: string) => {
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--allow-empty", "--message", "By hand");
};

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith(".git/"))
      .sort()
      .map((file) => [file, read(folder, file)]),
  );
}

describe("update", () => {
  test("gives what a fresh emission gives, byte for byte, and a second run does nothing", async () => {
    const folder = await emit(old, "--language", "go");
    // A registry of the repository's own is none of ours.
    writeFileSync(path.join(folder, ".npmrc"), "registry=http://127.0.0.1:9/\n");
    commit(folder);
    const { exitCode, stderr, stdout } = await groundwork(fresh, folder, "update");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("From create-groundwork 0.2.0 to 0.4.0.");
    expect(stdout.split("\n").map((line) => line.split(" ")[2])).toEqual(
      [".groundwork.json", "AGENTS.md"].map(() => expect.any(String)),
    );
    rmSync(path.join(folder, ".npmrc"));
    expect(filesOf(folder)).toEqual(filesOf(await emit(fresh, "--language", "go")));
    commit(folder);
    expect((await groundwork(fresh, folder, "update")).stdout).toBe("");
    expect((await groundwork(fresh, folder, "check", "--current")).exitCode).toBe(0);
  });

  test("keeps what the user wrote, and marks what both wrote", async () => {
    const folder = await emit(old, "--language", "go");
    edit(folder, "README.md", (text) => text.replace("\n", "\n\nMine.\n"));
    edit(folder, "AGENTS.md", (text) => text.replace("A test compares", "Our test compares"));
    commit(folder);
    expect((await groundwork(fresh, folder, "update")).exitCode).toBe(4);
    expect(read(folder, "README.md")).toContain("\nMine.\n");
    expect(read(folder, "AGENTS.md")).toMatch(
      /<{7} yours\n.*Our test.*\n\|{7} create-groundwork 0\.2\.0\n.*\n={7}\n.*\n>{7} create-groundwork 0\.4\.0\n/,
    );
  });

  test.each([
    ["cannot be had", "0.2.1", "cannot be had"],
    ["draws something else", "0.3.0", "does not fit"],
  ])("changes nothing when the old version %s", async (_what, version, says) => {
    const folder = await emit(old, "--language", "go");
    edit(folder, ".groundwork.json", (text) => text.replace('"0.2.0"', `"${version}"`));
    commit(folder);
    const before = filesOf(folder);
    const { exitCode, stderr } = await groundwork(fresh, folder, "update");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).toContain("Nothing is changed.");
    expect(filesOf(folder)).toEqual(before);
  });
});

/** A route and a dependency of the user's own. */
const byHand: Readonly<Record<(typeof languages)[number], (folder: string, sh: (line: string) => void) => void>> = {
  rust(folder, sh) {
    const route = '        .route("/livez", get(async || OK))\n';
    edit(folder, "src/app.rs", (text) => text.replace(route, route + route.replace("livez", "hello")));
    sh("cargo add --quiet itoa@1");
  },
  go(folder, sh) {
    const probe =
      '\ta.Handle("GET /livez", func(w http.ResponseWriter, _ *http.Request) error {\n\t\treturn WriteJSON(w, http.StatusOK, &health{Status: "ok"})\n\t})\n';
    edit(folder, "internal/web/api.go", (text) => text.replace(probe, probe + probe.replace("livez", "hello")));
    writeFileSync(
      path.join(folder, "internal/web/key.go"),
      'package web\n\nimport "github.com/google/uuid"\n\n// NewKey makes a key.\nfunc NewKey() string { return uuid.NewString() }\n',
    );
    sh("go mod tidy");
  },
  typescript(folder, sh) {
    const route = '  app.get("/livez", { schema }, () => ok);\n';
    edit(folder, "src/app.ts", (text) => text.replace(route, route + route.replace("livez", "hello")));
    sh("npm install --silent --save-exact process-warning@5.0.0");
  },
};

describe.each(languages)("a %s repository lives on", (language) => {
  const postgres = existsSync(`templates/${language}/database-postgres`);
  let folder: string;
  const sh = (line: string) => {
    const { exitCode, all } = execaSync("sh", ["-c", line], {
      cwd: folder,
      env: { ...toolchain(language), ...identity, TEST_DATABASE_URL: cluster.url },
      extendEnv: false,
      reject: false,
      all: true,
    });
    expect(exitCode, `${line}\n${all?.slice(-6000)}`).toBe(0);
  };
  const isGreen = () => {
    const { commands } = JSON.parse(read(folder, ".groundwork.json"));
    sh(commands.setup);
    sh(commands.test);
    commit(folder);
  };
  const change = async (by: Released, ...args: string[]) => {
    const { exitCode, stdout, stderr } = await groundwork(by, folder, ...args, "--json");
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    for (const line of JSON.parse(stdout).refresh) sh(line);
    isGreen();
    expect(read(folder, "README.md")).toContain("\nMine, and staying.\n");
    expect(JSON.parse(read(folder, "openapi.json")).paths).toHaveProperty(["/hello"]);
  };

  test("edited by hand", async () => {
    folder = await emit(old, "--language", language, "--resource", "item name:text quantity:integer");
    edit(folder, "README.md", (text) => text.replace("\n", "\n\nMine, and staying.\n"));
    edit(folder, "openapi.json", (text) => {
      const document = JSON.parse(text);
      const hello = JSON.parse(
        JSON.stringify(document.paths["/livez"]).replaceAll(/"operationId":"\w+"/g, '"operationId":"hello"'),
      );
      return `${JSON.stringify({ ...document, paths: { "/hello": hello, ...document.paths } }, null, 2)}\n`;
    });
    byHand[language](folder, sh);
    isGreen();
  });

  test("with one more resource", () => change(old, "add", "resource", "invoice number:text amount:money due:date?"));
  test("with CI", () => change(old, "add", "ci", "github"));
  test.runIf(postgres)("on PostgreSQL", () => change(old, "change", "database=postgres"));
  test("at a newer version", () => change(fresh, "update"));
});
