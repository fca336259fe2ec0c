import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from "fastify";

/** One member of a body that is at fault; the pointer is RFC 6901. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly Fault[];
}

/** What a client is told, as RFC 9457 has it. Anything else that is thrown is a fault of ours, and a 500. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly Fault[] | undefined;

  constructor(status: number, detail: string, { errors, ...options }: ProblemOptions = {}) {
    super(detail, options);
    this.status = status;
    this.errors = errors;
  }
}

/** The answer to a request whose deadline has passed. */
export const tooLate = () => new Problem(503, "The answer took too long.");

/** The answer to a change that may have been made: whoever sends it again may make it twice. */
export class OutcomeUnknown extends Problem {
  constructor(cause: unknown) {
    super(503, "It is not known whether the change was made.", { cause });
  }
}

/** Names more faults than any one body of ours has members, and still bounds the answer to a hostile one. */
const mostFaults = 100;

/** What Fastify makes of a request that does not fit its schemas: its own would join the messages of all faults. */
export function invalid(errors: readonly FastifySchemaValidationError[], where: string): Problem {
  return where === "body" ? invalidBody(errors) : invalidRequest(errors);
}

export function invalidBody(errors: readonly FastifySchemaValidationError[]): Problem {
  return new Problem(422, "The body is not valid.", { errors: errors.slice(0, mostFaults).map(faultOf) });
}

/** The one place where an error becomes an answer. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request);
  if (problem.status === 500 || problem.cause) request.log.error({ err: error }, "request failed");
  if (problem.status === 503 && !(problem instanceof OutcomeUnknown)) reply.header("retry-after", "1");
  // Fastify closes the connection of a body that it refuses. Node would read the rest off, so that a client that is
  // still sending sees the answer and not a reset; only a body that is late is not worth the wait.
  if (problem.status === 408) reply.header("connection", "close");
  else if (reply.hasHeader("connection")) reply.removeHeader("connection");
  reply.code(problem.status).type(problemType).send(problemText(problem, request.id));
}

export const problemType = "application/problem+json";

export function problemText({ status, message, errors }: Problem, requestId: string): string {
  return JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail: message,
    request_id: requestId,
    errors,
  });
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  // The connection ended in the middle of the body, and nobody is left to read the answer.
  if (request.raw.errored && error === request.raw.errored) return new Problem(400, "The body is not whole.");
  if (!isFastifyError(error)) return new Problem(500, "The service failed.");
  const { statusCode = 500, message } = error;
  return statusCode < 500 ? new Problem(statusCode, message) : new Problem(500, "The service failed.");
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && "code" in error && String(error.code).startsWith("FST_ERR_");

function invalidRequest(errors: readonly FastifySchemaValidationError[]): Problem {
  const names = errors.map(({ instancePath }) => instancePath.slice(1));
  return new Problem(400, `Not valid: ${names.join(", ")}.`);
}

function faultOf({ instancePath, keyword, params, message }: FastifySchemaValidationError): Fault {
  if (keyword === "required") return fault(instancePath, params.missingProperty, "is required");
  if (keyword === "additionalProperties") return fault(instancePath, params.additionalProperty, "is not a member");
  return { pointer: instancePath, detail: message ?? "is not valid" };
}

/** A name that is none of ours may be as long as the body; its parent is pointed at then. */
const longestName = 200;

function fault(parent: string, member: unknown, detail: string): Fault {
  const name = String(member);
  if (name.length > longestName) return { pointer: parent, detail: "has a member that is not one" };
  return { pointer: `${parent}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, detail };
}
