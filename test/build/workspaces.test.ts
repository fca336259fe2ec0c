import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { newRoot, type Root, toldBy } from "../support/roots.ts";
import type { Toolchain } from "../support/toolchains.ts";

let root: Root;
afterEach(() => root.remove());

function passes(lines: string, from?: string): string {
  const { code, said } = root.shell(lines, from);
  expect(code, `${lines}\n${said.slice(-8000)}`).toBe(0);
  return said;
}

function emit(language: Toolchain) {
  const { code, said } = root.emit("services/billing", "--language", language);
  expect(code, said).toBe(0);
  return toldBy(said);
}

const own = (command: "format-check" | "lint" | "test") =>
  JSON.parse(readFileSync(path.join(root.folder, "services/billing/.groundwork.json"), "utf8")).commands[command];

const scripts = '"version":"1.0.0","scripts":{"build":"echo built","test":"echo tested"}';

/** Each root is made as its users make it. */
test.each<[string, Toolchain, string]>([
  [
    "Cargo",
    "rust",
    `printf '[workspace]\\nresolver = "3"\\n\\n[workspace.package]\\nedition = "2024"\\n' > Cargo.toml
     cargo new --quiet --lib crates/money`,
  ],
  [
    "go.work",
    "go",
    `mkdir -p libs/money
     (cd libs/money && go mod init example.com/shop/money && echo 'package money' > money.go)
     go work init ./libs/money`,
  ],
  ["npm", "typescript", "npm init --yes && npm init --yes --workspace packages/money"],
  [
    "pnpm",
    "typescript",
    `pnpm init && printf 'packages:\\n  - packages/* # ours\\n' > pnpm-workspace.yaml
     mkdir -p packages/money && echo '{"name":"money",${scripts}}' > packages/money/package.json && pnpm install`,
  ],
  [
    "yarn 1",
    "typescript",
    `mkdir -p packages/money && echo '{"name":"money",${scripts}}' > packages/money/package.json
     echo '{"name":"shop","private":true,"workspaces":["packages/*"]}' > package.json && yarn install`,
  ],
  [
    "bun",
    "typescript",
    `mkdir -p packages/money && echo '{"name":"money",${scripts},"dependencies":{"pino":"^10.0.0"}}' > packages/money/package.json
     echo '{"name":"shop","private":true,"workspaces":["packages/*"]}' > package.json && bun install`,
  ],
])("a service in %s builds, passes its tests and its linter by the root's own commands", (_kind, language, made) => {
  root = newRoot(language);
  passes(made);
  const { refresh, commands } = emit(language);
  if (refresh !== "") passes(refresh);
  passes(commands);
  passes(`${own("format-check")}\n${own("lint")}`, "services/billing");
});

test("Turborepo builds and tests a service in Go, and has it from the cache the second time", () => {
  root = newRoot("go");
  root.write(
    "package.json",
    '{"name":"shop","private":true,"packageManager":"npm@11.0.0","workspaces":["packages/*"]}\n',
  );
  root.write("turbo.json", '{"tasks":{"build":{"outputs":["dist/**"]},"test":{}}}\n');
  root.write("packages/money/package.json", `{"name":"money",${scripts}}\n`);
  root.write(".gitignore", "node_modules\n.turbo\nbin\n");
  passes("npm install --save-dev --save-exact turbo@2.11.9");
  const { refresh, commands } = emit("go");
  passes(refresh);
  passes(commands);
  expect(existsSync(path.join(root.folder, "services/billing/bin/billing"))).toBe(true);
  passes("rm -r services/billing/bin && npx turbo run build test lint format-check");
  expect(passes("npx turbo run build test lint format-check")).toContain("FULL TURBO");
  expect(existsSync(path.join(root.folder, "services/billing/bin/billing"))).toBe(true);
});
