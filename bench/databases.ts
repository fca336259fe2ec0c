import type { Database } from "../src/model/choices.ts";
import { newCluster } from "../test/support/cluster.ts";
import { createDatabase } from "../test/support/psql.ts";
import { temporaryFolder } from "./temporary.ts";

/** Answers the URL of a new, empty database. */
export type NewDatabase = () => string;

/** What makes databases of a kind; a server that it takes is gone when the bench ends, however it ends. */
export const databaseMakers: Readonly<Record<Database, () => Promise<NewDatabase>>> = {
  sqlite: async () => () => `sqlite://${temporaryFolder()}/service.db`,
  async postgres() {
    const cluster = await newCluster();
    // Nothing in it waits, so that it is done before the process is.
    process.once("exit", () => void cluster[Symbol.asyncDispose]());
    return () => createDatabase(cluster.url);
  },
};

export const databases = Object.keys(databaseMakers) as readonly Database[];
