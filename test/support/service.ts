import type { Database } from "./databases.ts";
import { type Answer, answerTo, type Options } from "./http.ts";
import { type Environment, launch, type Process } from "./process.ts";
import { subject } from "./subject.ts";

/** A process that listens. It ends where its variable does, or with the test file. */
export interface Service extends Process, AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `:items` in the target stands for the path of the collection: `call("POST :items", …)`. */
  call(target: string, options?: Options): Promise<Answer>;
}

/** Runs the command and waits for its `listening` line. */
export async function start(environment: Environment = {}, database?: Database): Promise<Service> {
  const process = launch(environment, database);
  const { addr } = await process.line(({ msg }) => msg === "listening");
  const { hostname: host, port } = new URL(`http://${addr}`);
  const service: Service = {
    ...process,
    host,
    port: Number(port),
    async call(target, options = {}) {
      const real = target.includes(":items") ? target.replaceAll(":items", await collectionOf(service)) : target;
      return answerTo(service, real, options);
    },
    async [Symbol.asyncDispose]() {
      process.signal("SIGKILL");
      await process.exited();
    },
  };
  return service;
}

let collection = subject.collection;

/** The path of the collection under test: the first `/v1` path of the document that has no parameter. */
export async function collectionOf(service: Service): Promise<string> {
  if (collection === undefined) {
    const { json } = await answerTo(service, "GET /openapi.json", {});
    collection = Object.keys((json as { paths: object }).paths).find((path) => /^\/v1\/[^{}]+$/.test(path));
  }
  if (collection === undefined) throw new Error("The document has no collection below /v1; set CONTRACT_COLLECTION.");
  return collection;
}
