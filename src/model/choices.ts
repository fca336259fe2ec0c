/**
 * What is chosen beside the decision, with no bearing on it.
 * One row gives the flag, the prompt and the JSON Schema of a choice.
 * Of a choice with `layers` each option is a layer, `<id>-<option>`, but for `none`; `otherwise` is taken when nothing is chosen.
 */
export const choices = [
  { id: "name", asks: "What is the service called?", about: "lower-case letters, digits and hyphens" },
  { id: "description", asks: "What does it do, in one line?", about: "one line for README and manifests" },
  { id: "language", asks: "Which language, whatever the rules say?", options: ["rust", "go", "typescript"] },
  {
    id: "database",
    asks: "Where does it keep its data?",
    options: ["sqlite", "postgres"],
    layers: { otherwise: "sqlite" },
  },
  {
    id: "resource",
    asks: "What does it keep?",
    about: 'such as "invoice number:text amount:money note:text?"; several with ;',
  },
  { id: "module", asks: "Which Go module path?", about: "such as github.com/acme/billing", language: "go" },
  {
    id: "ci",
    asks: "Which forge checks each change?",
    options: ["github", "gitlab", "none"],
    layers: { otherwise: "none" },
  },
  {
    id: "license",
    asks: "Under which licence is it?",
    options: ["mit", "apache-2.0", "proprietary", "none"],
    layers: { otherwise: "none" },
  },
  { id: "owner", asks: "Who owns the code?", about: "such as @acme/backend; for CODEOWNERS and LICENSE" },
] as const;

export type ChoiceId = (typeof choices)[number]["id"];
type Options<Id extends ChoiceId> =
  Extract<(typeof choices)[number], { id: Id }> extends { options: readonly (infer O)[] } ? O : string;

/** What the user chose; a choice not made is absent. */
export type Choices = { readonly [Id in ChoiceId]?: Options<Id> };
export type Database = Options<"database">;

/** Names of the layers that the choices select, made or not. */
export function chosenLayers(made: Choices): string[] {
  return choices.flatMap((choice) => {
    const option = "layers" in choice ? (made[choice.id] ?? choice.layers.otherwise) : "none";
    return option === "none" ? [] : [`${choice.id}-${option}`];
  });
}
