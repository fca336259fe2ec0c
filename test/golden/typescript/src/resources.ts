import type { FastifyInstance } from "fastify";
import { invoiceRoutes } from "./invoices/routes.ts";
import type { Database } from "./database.ts";

export function resourceRoutes(app: FastifyInstance, database: Database): void {
  invoiceRoutes(app, database);
}
