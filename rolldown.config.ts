import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "rolldown";

/**
 * One program in lazily loaded chunks, with everything bundled: a user installs one package and nothing beside it.
 * CommonJS, because it starts in half the time of modules.
 */
export default defineConfig({
  input: { main: "src/cli/main.ts", plop: "generators/plop.ts" },
  platform: "node",
  external: [/^node:/],
  plugins: [besides()],
  output: {
    dir: "dist",
    format: "cjs",
    exports: "named",
    cleanDir: true,
    chunkFileNames: "[name]-[hash].js",
    minify: false,
  },
});

/** The files of `dist` that are no bundles. */
function besides(): Plugin {
  const files = {
    "cli.js": readFileSync("src/cli/bin.cjs", "utf8"),
    "package.json": '{ "type": "commonjs" }\n',
    "plop.mjs": 'import plop from "./plop.js";\nexport default plop.default;\n',
  };
  return {
    name: "besides",
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) this.emitFile({ type: "asset", fileName, source });
    },
  };
}
