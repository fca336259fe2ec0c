import { describe, expect, test } from "vitest";
import { parseResources, resourceText } from "../../src/compose/resource.ts";
import { Problem } from "../../src/problem.ts";

test("a resource is read with all its types", () => {
  expect(parseResources("invoice number:text amount:money note:text? status:one_of(draft, sent)?")).toEqual([
    {
      name: "invoice",
      fields: [
        { name: "number", type: "text", nullable: false, values: [] },
        { name: "amount", type: "money", nullable: false, values: [] },
        { name: "note", type: "text", nullable: true, values: [] },
        { name: "status", type: "one_of", nullable: true, values: ["draft", "sent"] },
      ],
    },
  ]);
});

test.each(["invoice number:text amount:money", "order type:one_of(a,b)? func:uuid self:timestamp?"])(
  "%s is written as it is read",
  (text) => {
    expect(parseResources(text).map(resourceText)).toEqual([text]);
  },
);

test("several resources are separated by semicolons", () => {
  expect(parseResources("a x:text; b y:date;").map(({ name }) => name)).toEqual(["a", "b"]);
});

describe("bad input says what to do instead", () => {
  test.each([
    ["", "empty"],
    ["item", "has 0 fields"],
    ["Item name:text", "cannot name a resource"],
    ["../item name:text", "cannot name a resource"],
    ["item Name:text", "cannot name a field"],
    ["item name", "is not a field"],
    ["item name:txt", 'Did you mean "text"?'],
    ["item name:text name:date", 'The field "name" of "item" is given twice'],
    ["item name:string", 'Did you mean "text"?'],
    ["item paid:bool", 'Did you mean "boolean"?'],
    ["item state:one_of(a|b)", "Write state:one_of(a,b)."],
    ["item id:uuid", "made by the service itself"],
    ["item created_at:timestamp", "made by the service itself"],
    ["item state:one_of", "what it is one of"],
    ["item state:one_of()", "cannot name a member"],
    ["item state:one_of(a,a)", "given twice"],
    ["item name:text(3)", "takes no list"],
    ["item name:text; item name:text", "given twice"],
    [`item ${Array.from({ length: 21 }, (_, n) => `f${n}:text`).join(" ")}`, "has 21 fields"],
    [`${"a".repeat(31)} name:text`, "cannot name a resource"],
  ])("%s", (text, says) => {
    expect(problemOf(() => parseResources(text))).toContain(says);
  });
});

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return `${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error("nothing was refused");
}
