import { expect, test } from "vitest";
import { formsOf } from "../../src/compose/forms.ts";
import { namesResource, renaming } from "../../src/compose/rename.ts";

const service = {
  name: "lab-specimens",
  snake: "lab_specimens",
  module: "github.com/acme/depot-service",
  description: "",
};

test("every form of the specimen is replaced, and a user's name is not read as one", () => {
  const template =
    "example.com/depot-service depot-service depot_service lab_specimens labSpecimen LabSpecimens labspecimens lab-specimen lab specimens Lab specimen LAB_SPECIMEN";
  expect(renaming(service, formsOf("line_item"))(template)).toBe(
    "github.com/acme/depot-service lab-specimens lab_specimens line_items lineItem LineItems lineitems line-item line items Line item LINE_ITEM",
  );
});

test.each([
  ["src/lab_specimens/store.rs", true],
  ["internal/labspecimens/store.go", true],
  ["src/main.rs", false],
])("%s is about the resource: %s", (path, is) => {
  expect(namesResource(path)).toBe(is);
});
