import fc from "fast-check";
import { expect, test } from "vitest";
import { bitsOf, languageAt, rowsBeside, rowsOf } from "../../src/decide/bits.ts";
import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, questionIds, valuesOf } from "../../src/decide/questions.ts";
import { table } from "../../src/decide/rules.ts";
import { partial } from "./profiles.ts";

const rows = rowsOf(table);

test("in bits the language is the one that judging the answers gives", () => {
  fc.assert(
    fc.property(partial, (answers) => {
      expect(languageAt(bitsOf(answers), rows)).toBe(judge(answers, table).language);
    }),
    { numRuns: 5000 },
  );
});

test.each(questionIds)("what is left out of the rows beside %s changes nothing, whatever its answer", (id) => {
  const languageOf = (answers: Answers) => judge(answers, table).language;
  fc.assert(
    fc.property(partial, (answers) => {
      const beside = rowsBeside(bitsOf(answers), [id], rows);
      for (const value of valuesOf(id)) {
        const changed = answering(answers, id, value);
        expect(languageAt(bitsOf(changed), beside)).toBe(languageOf(changed));
      }
    }),
  );
});
