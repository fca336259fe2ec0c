import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import { type Database, openDatabase } from "./database.ts";
import { drain } from "./server.ts";
import { createLogger } from "./telemetry.ts";

/** Runs the service until it is told to stop, and answers with the status to exit with. */
export async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  const settings = readConfig(env);
  if ("faults" in settings) {
    createLogger("error").error({ errors: settings.faults }, "bad configuration");
    return 1;
  }
  const logger = createLogger(settings.logLevel);
  try {
    return await run(settings, logger);
  } catch (error) {
    logger.error({ err: error }, "cannot start");
    return 1;
  }
}

async function run(config: Config, logger: FastifyBaseLogger): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  // Node would write these to stderr, as text.
  process.removeAllListeners("warning").on("warning", (warning) => logger.warn({ err: warning }, "warning"));
  process.on("uncaughtException", (error) => {
    logger.error({ err: error }, "uncaught exception");
    end(1);
  });

  let service: Service | undefined;
  const stop = async (signal: string) => {
    logger.info({ signal }, "shutting down");
    if (!service) {
      // Nothing is in flight before it listens.
      end(0);
      return;
    }
    const { app, database } = service;
    const cut = await drain(app, config);
    await database.close();
    logger.info({ cut }, "stopped");
    end(cut === 0 ? 0 : 1);
  };
  const stopOn = (signal: NodeJS.Signals, status: number) =>
    process.on(signal, () => (service?.app.connections.draining ? end(status) : void stop(signal)));
  stopOn("SIGINT", 130);
  stopOn("SIGTERM", 143);

  const starting = start(config, logger).then((started) => {
    service = started;
  });
  await Promise.race([starting, ended]);
  return ended;
}

interface Service {
  readonly app: FastifyInstance;
  readonly database: Database;
}

async function start(config: Config, logger: FastifyBaseLogger): Promise<Service> {
  const database = await openDatabase(config);
  const app = buildApp(config, database, logger);
  await app.ready();
  await listen(app, config);

  const { address, family, port } = app.server.address() as AddressInfo;
  const addr = family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
  // Whoever started the service waits for this line, whatever the level.
  logger.child({}, { level: "info" }).info({ addr }, "listening");
  return { app, database };
}

async function listen({ server, log }: FastifyInstance, { host, port }: Config): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new Error("Nothing can listen where HOST and PORT say", { cause });
  }
  // Such as when there are no file descriptors left: it costs that connection, and not the service.
  server.on("error", (error) => log.warn({ err: error }, "connection not accepted"));
}
