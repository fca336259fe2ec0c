import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buildApp } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import { drain } from "./connections.ts";
import { openDatabase } from "./database.ts";
import { createLogger } from "./telemetry.ts";

const settings = readConfig(process.env);
const logger = createLogger("faults" in settings ? "error" : settings.logLevel);

// Node would write these to stderr, as text.
process.removeAllListeners("warning").on("warning", (warning) => logger.warn({ err: warning }, "warning"));
process.on("uncaughtException", (error) => {
  logger.error({ err: error }, "uncaught exception");
  process.exit(1);
});

if ("faults" in settings) {
  logger.error({ errors: settings.faults }, "bad configuration");
  process.exit(1);
}
await serve(settings);

async function serve(config: Config): Promise<void> {
  const database = await openDatabase(config.databaseUrl);
  const app = buildApp(config, database, logger);
  await app.ready();
  app.server.listen({ host: config.host, port: config.port });
  await once(app.server, "listening");

  const stop = async (signal: string) => {
    logger.info({ signal }, "shutting down");
    const cut = await drain(app, config);
    await database.close();
    logger.info({ cut }, "stopped");
    process.exit(cut === 0 ? 0 : 1);
  };
  const stopOn = (signal: NodeJS.Signals, status: number) =>
    process.on(signal, () => (app.connections.draining ? process.exit(status) : void stop(signal)));
  stopOn("SIGINT", 130);
  stopOn("SIGTERM", 143);

  const { address, family, port } = app.server.address() as AddressInfo;
  const addr = family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
  // Whoever started the service waits for this line, whatever the level.
  logger.child({}, { level: "info" }).info({ addr }, "listening");
}
