import type { Program } from "./program.ts";
import type { Place } from "./shell.ts";

export interface Artefact {
  /** What a deployment copies. */
  readonly bytes: number;
  /** Dependencies in it: crates, modules or packages. */
  readonly parts: number;
}

/** What differs between the languages. */
export interface Toolbox {
  /** What `Artefact.bytes` and `Artefact.parts` are called here. */
  readonly artefactNames: readonly [bytes: string, parts: string];
  /** The bare service's own commands, and the file that names its versions. */
  readonly bare: { readonly build: string; readonly start: string; readonly manifest: string };
  /** What becomes the service of this name when its start command is run in its folder. */
  command(name: string, start: string, place: Place): readonly string[];
  artefact(program: Program): Promise<Artefact>;
  /** CPU seconds of a development build whose caches are in the empty folder; what is downloaded is there already. */
  coldBuild(program: Program, empty: string): Promise<number>;
}
