import { Problem } from "../src/problem.ts";
import { databaseMakers } from "./databases.ts";
import { measure } from "./measure.ts";
import { readOptions } from "./options.ts";
import { questionDistribution, report } from "./questions.ts";
import { type Row, table } from "./table.ts";

// So that what is to be done at the end is done.
process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const newDatabase = await databaseMakers[options.database]();
  const rows: Row[] = [];
  for (const language of options.languages) rows.push(...(await measure(language, options, newDatabase)));
  process.stdout.write(`${table(`on ${options.database}`, rows)}\n${report(questionDistribution())}`);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n${error.hint}\n`);
  process.exitCode = 2;
}
