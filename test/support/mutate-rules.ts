import { killer, mutants, type Operation, operations } from "../decide/mutants.ts";

/** Why a rule may have no mutant of a kind. */
const absent: Readonly<Partial<Record<Operation, string>>> = {
  weaken: "(one step below mild is none: as deleted)",
  strengthen: "(nothing is above decisive)",
};

/** `npm run mutate:rules`: for each rule and each change of it the property that notices; survivors last, and exit code 1. */
const results = mutants().map((mutant) => ({ ...mutant, killedBy: killer(mutant)?.name }));
const rules = [...new Set(results.map(({ rule }) => rule))];
const widest = Math.max(...rules.map((rule) => rule.length));

for (const rule of rules) {
  for (const operation of operations) {
    const own = results.filter((result) => result.rule === rule && result.operation === operation);
    const told = own.map(({ killedBy }) => killedBy ?? "SURVIVES").join(" | ") || absent[operation];
    process.stdout.write(`${rule.padEnd(widest)}  ${operation.padEnd(10)}  ${told}\n`);
  }
}

const survivors = results.filter(({ killedBy }) => killedBy === undefined);
process.stdout.write(`\n${results.length} mutants, ${survivors.length} survive\n`);
for (const { rule, operation } of survivors) process.stdout.write(`survives: ${operation} ${rule}\n`);
process.exitCode = survivors.length === 0 ? 0 : 1;
