/** A generator that any host can run: plop, `turbo gen` and Nx, each through its own adapter. */
export interface Generator {
  readonly name: string;
  readonly description: string;
  /** What the host may pass by name; every one may be left out. */
  readonly inputs: readonly { readonly name: string; readonly about: string }[];
  /** Asks a person for what is missing; a host without a terminal skips it. */
  ask?(given: Inputs, root: string): Promise<Inputs>;
  /**
   * Does the work below `root`.
   * @returns what was done, in a line
   * @throws Problem when an input is unusable; nothing is written then
   */
  run(given: Inputs, root: string): Promise<string>;
}

export type Inputs = Readonly<Record<string, string>>;
