import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "./problem.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** The methods of each path template, such as `/v1/orders/{id}`. */
    readonly routes: Map<string, readonly string[]>;
  }
}

/**
 * Fastify answers 404 where a path exists under other methods. Its declared routes are kept here, so that such a
 * request gets the 405 and the `Allow` that HTTP asks for, and so that logs can name a template.
 */
export function followRoutes(app: FastifyInstance): void {
  app.decorate("routes", new Map());

  app.addHook("onRoute", ({ url, method }) => {
    const template = templateOf(url);
    const methods = [...(app.routes.get(template) ?? []), ...[method].flat()];
    app.routes.set(template, methods.sort());
  });

  app.addHook("onRequest", (request, reply, done) => {
    if (request.is404) refuse(request, reply);
    done();
  });
}

/** The template that a request's path matches, whatever its method; empty when there is none. */
export function routeOf(request: FastifyRequest): string {
  const { url } = request.routeOptions;
  if (url !== undefined) return templateOf(url);
  const path = request.url.split("?", 1)[0] ?? "";
  return request.server.routes.keys().find((template) => matches(template, path)) ?? "";
}

function refuse(request: FastifyRequest, reply: FastifyReply): never {
  const methods = request.server.routes.get(routeOf(request))?.join(", ");
  if (methods === undefined) throw new Problem(404, "There is no such route.");
  reply.header("allow", methods);
  throw new Problem(405, `The methods here are ${methods}.`);
}

const templates = new Map<string, string>();

/** `/v1/orders/:id` as the document has it. */
function templateOf(url: string): string {
  const known = templates.get(url);
  if (known !== undefined) return known;
  const template = url.replaceAll(/:(\w+)/g, "{$1}");
  templates.set(url, template);
  return template;
}

function matches(template: string, path: string): boolean {
  const names = path.split("/");
  const parts = template.split("/");
  return (
    parts.length === names.length &&
    parts.every((part, index) => (part.startsWith("{") ? names[index] !== "" : part === names[index]))
  );
}
