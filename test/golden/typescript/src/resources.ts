import type { FastifyInstance } from "fastify";
import type { Database } from "./database.ts";
import { invoiceRoutes } from "./invoices/routes.ts";

export function resourceRoutes(app: FastifyInstance, database: Database): void {
  invoiceRoutes(app, database);
}
