import type { Forms, ServiceView } from "./view.ts";

/**
 * Templates are real projects about a service `depot-service` with a resource `lab_specimen`;
 * both have two words, so that every form of the name can be told from every other.
 */
export const specimen = {
  service: "depot-service",
  module: "example.com/depot-service",
  resource: "lab_specimen",
} as const;

const resourceForm = /lab[_-]?specimens?|LAB_SPECIMENS?|[lL]ab specimens?|labSpecimens?|LabSpecimens?/;

export function namesResource(text: string): boolean {
  return resourceForm.test(text);
}

/** Replaces the specimen's names in one pass, so that a user's name is never read as a specimen. */
export function renaming(service: ServiceView, resource?: Forms): (text: string) => string {
  const names = new Map<string, string>([
    [specimen.module, service.module],
    ["depot-service", service.name],
    ["depot_service", service.snake],
  ]);
  if (resource) {
    names.set("lab_specimens", resource.snakes).set("lab_specimen", resource.snake);
    names.set("labSpecimens", resource.camels).set("labSpecimen", resource.camel);
    names.set("LabSpecimens", resource.pascals).set("LabSpecimen", resource.pascal);
    names.set("lab-specimens", resource.kebabs).set("lab-specimen", resource.kebab);
    names.set("labspecimens", resource.flats).set("labspecimen", resource.flat);
    names.set("LAB_SPECIMENS", resource.shouts).set("LAB_SPECIMEN", resource.shout);
    names.set("lab specimens", resource.wordsPlural).set("lab specimen", resource.words);
    names.set("Lab specimens", resource.WordsPlural).set("Lab specimen", resource.Words);
  }
  const pattern = new RegExp([...names.keys()].map((name) => name.replaceAll(".", "\\.")).join("|"), "g");
  return (text) => text.replaceAll(pattern, (name) => names.get(name) ?? name);
}
