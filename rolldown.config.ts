import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Plugin } from "rolldown";
import { nxGenerators } from "./generators/nx/schema.ts";
import { packTemplates } from "./src/edges/templates.ts";

/**
 * One program in lazily loaded chunks, with everything bundled: a user installs one package and nothing beside it.
 * CommonJS, because it starts in half the time of modules.
 */
export default defineConfig({
  input: { main: "src/cli/main.ts", plop: "generators/plop/adapter.ts", nx: "generators/nx/adapter.ts" },
  platform: "node",
  external: [/^node:/],
  // Its entry for CommonJS loads parts of itself by paths that no bundler sees.
  resolve: { alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" } },
  plugins: [packedTemplates(), besides()],
  output: {
    dir: "dist",
    format: "cjs",
    exports: "named",
    cleanDir: true,
    chunkFileNames: "[name]-[hash].js",
    // Names of functions stay, for the stack of a fault.
    minify: { mangle: { keepNames: true }, compress: true, codegen: true },
    codeSplitting: {
      groups: [
        { name: "start", test: /src.(problem|interruption|version|cli.report)\.ts$|package\.json$/, priority: 2 },
        { name: "core", test: inCore, priority: 1 },
      ],
    },
  },
});

/** What every emission needs, in one file: a file costs more to find than its lines to read. */
function inCore(id: string): boolean {
  const source = path.relative("src", id);
  if (/^decide.(claims|rule-table|what-if)/.test(source)) return false;
  return (
    /^(answers|nearest|scaffold|model|decide|compose|cli.(flags|new|package|request|words))|^edges.(disk|faults|folder|leftovers|perform|presence|packed|progress|wrap)/.test(
      source,
    ) || /inflection|levenshtein/.test(id)
  );
}

/** The package carries its templates read and in one file a language, and a reader that knows no more than that. */
function packedTemplates(): Plugin {
  return {
    name: "packed-templates",
    resolveId(source, importer = "") {
      const asked = path.resolve(path.dirname(importer), source);
      return asked === path.resolve("src/edges/templates.ts") ? path.resolve("src/edges/packed-templates.ts") : null;
    },
    async generateBundle() {
      for (const [place, pack] of await packTemplates()) {
        this.emitFile({ type: "asset", fileName: `templates/${place}.json`, source: JSON.stringify(pack) });
      }
    },
  };
}

/** The files of `dist` that are no bundles. */
function besides(): Plugin {
  const files = {
    "cli.js": readFileSync("src/cli/bin.cjs", "utf8"),
    // The adapter is asked for by name, also from beside it.
    "package.json": JSON.stringify({
      name: "create-groundwork",
      type: "commonjs",
      exports: { "./plop/adapter": "./plop.js" },
    }),
    ...Object.fromEntries(
      Object.entries(nxGenerators()).map(([file, content]) => [file, `${JSON.stringify(content, null, 2)}\n`]),
    ),
    "plop.mjs": readFileSync("generators/plop/entry.mjs", "utf8"),
    "plop.cjs": readFileSync("generators/plop/entry.cjs", "utf8"),
    "plop.d.ts": readFileSync("generators/plop/entry.d.ts", "utf8"),
  };
  return {
    name: "besides",
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) this.emitFile({ type: "asset", fileName, source });
    },
  };
}
