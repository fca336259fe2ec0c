import { type Resource, resourceFrom } from "./resource.ts";

export interface Subject {
  /** One simple command that becomes the service after `exec`. */
  readonly command: string;
  readonly cwd: string;
  /** Folders put in front of PATH. */
  readonly path: string | undefined;
  readonly resource: Resource;
  readonly collection: string | undefined;
  /** A PostgreSQL server for a service that is made for one: a URL whose user may create databases. */
  readonly postgres: string | undefined;
}

/** What is under test, told by the environment. */
export const subject: Subject = {
  command: demanded("CONTRACT_COMMAND", "the service's start command"),
  cwd: process.env.CONTRACT_CWD || process.cwd(),
  path: process.env.CONTRACT_PATH || undefined,
  resource: resourceFrom(demanded("CONTRACT_RESOURCE", "its resource, such as `item name:text quantity:integer`")),
  collection: process.env.CONTRACT_COLLECTION || undefined,
  postgres: process.env.CONTRACT_POSTGRES || undefined,
};

function demanded(name: string, what: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: ${what}. test/contract/README.md lists the variables.`);
  return value;
}
