import { createRequire } from "node:module";

/**
 * `turbo gen` bundles its configuration, and this file with it, as CommonJS. The adapter stays outside by its name:
 * it finds the templates beside itself.
 */
const here = typeof __filename === "undefined" ? import.meta.url : __filename;

export default createRequire(here)("create-groundwork/plop/adapter").default;
