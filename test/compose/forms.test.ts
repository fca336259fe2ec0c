import { expect, test } from "vitest";
import { formsOf } from "../../src/compose/forms.ts";

test.each([
  [
    "line_item",
    {
      snakes: "line_items",
      camel: "lineItem",
      camels: "lineItems",
      pascals: "LineItems",
      kebab: "line-item",
      flats: "lineitems",
      words: "line item",
      WordsPlural: "Line items",
      shouts: "LINE_ITEMS",
    },
  ],
  ["category", { snakes: "categories", pascal: "Category", pascals: "Categories" }],
  ["equipment", { snakes: "equipment_items", pascals: "EquipmentItems", flats: "equipmentitems" }],
  ["status", { snakes: "statuses" }],
  ["person", { snakes: "people" }],
  ["a", { snakes: "as", pascal: "A" }],
  ["box2", { snakes: "box2s", pascal: "Box2" }],
])("%s", (name, forms) => {
  expect(formsOf(name)).toMatchObject(forms);
});

test("a plural is never its singular", () => {
  for (const name of ["sheep", "series", "news", "data", "fish", "information", "s", "ss", "items"]) {
    expect(formsOf(name).snakes).not.toBe(name);
  }
});
