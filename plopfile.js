import { register as loadTypeScript } from "tsx/esm/api";

loadTypeScript();
const [{ default: generators, register }, ...contributors] = await Promise.all([
  import("./generators/plop/adapter.ts"),
  import("./generators/contributor/rule.ts"),
  import("./generators/contributor/question.ts"),
  import("./generators/contributor/feature.ts"),
]);

/** The generators that users get, and those for adding to groundwork itself. */
export default function (plop) {
  generators(plop);
  register(plop, contributors.flatMap(Object.values));
}
