import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";

// Node keeps what it makes of the sources, so that the next start takes less time and memory.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/compile"));
const { serve } = await import("./serve.ts");
flushCompileCache();

process.exit(await serve(process.env));
