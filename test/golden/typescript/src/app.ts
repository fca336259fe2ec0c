import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import { Problem, sendProblem } from "./problem.ts";
import { acceptJson, followRoutes } from "./requests.ts";
import { resourceRoutes } from "./resources.ts";
import { createServer } from "./server.ts";

const document = readFileSync(new URL("../openapi.json", import.meta.url), "utf8");

/** The whole service as a value: it listens when it is told to. */
export function buildApp(config: Config, database: Database, logger: FastifyBaseLogger): FastifyInstance {
  const app = createServer(config, logger);
  app.setErrorHandler(sendProblem);
  followRoutes(app);
  acceptJson(app);

  healthRoutes(app, database);
  app.get("/openapi.json", (_request, reply) => reply.type("application/json").send(document));
  resourceRoutes(app, database);
  return app;
}

const ok = { status: "ok" } as const;
const schema = {
  response: {
    200: {
      type: "object",
      required: ["status"],
      properties: { status: { const: "ok" } },
    },
  },
} as const;

async function silence(): Promise<never> {
  await sleep(1_000, undefined, { ref: false });
  throw new Error("The database is silent.");
}

function healthRoutes(app: FastifyInstance, database: Database): void {
  app.get("/livez", { schema }, () => ok);

  app.get("/readyz", { schema }, async (request) => {
    if (app.connections.draining) throw new Problem(503, "The service is shutting down.");
    try {
      await Promise.race([database.ping(), silence()]);
    } catch (error) {
      request.log.warn({ err: error }, "not ready");
      throw new Problem(503, "The database does not answer.");
    }
    return ok;
  });
}
