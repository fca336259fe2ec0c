import { expect, test } from "vitest";
import { breaks, service } from "../contract/breaks.ts";
import { languages, treeOf } from "../support/emit.ts";

test.each(languages)("every way to break a %s service finds its text once", async (language) => {
  const tree = await treeOf({ language, ...service });
  const rows = Object.entries(breaks[language]).flatMap(([file, ways]) => ways.map(([, , find]) => ({ file, find })));
  const lost = rows.filter(({ file, find }) => String(tree.get(file)?.content).split(find).length !== 2);
  expect(lost).toEqual([]);
});
