import { defineConfig } from "rolldown";

/** One program in lazily loaded chunks, with everything bundled: a user installs one package and nothing beside it. */
export default defineConfig({
  input: { cli: "src/cli/main.ts", plop: "generators/plop.ts" },
  platform: "node",
  external: [/^node:/],
  output: { dir: "dist", format: "esm", cleanDir: true, chunkFileNames: "[name]-[hash].js", minify: false },
});
