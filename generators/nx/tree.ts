/** What is used of Nx's Tree: files that are written together once a generator is done, or listed in a dry run. */
export interface Tree {
  /** Absolute path of the workspace. */
  readonly root: string;
  exists(path: string): boolean;
  read(path: string, encoding: "utf-8"): string | null;
  write(path: string, content: string, options?: { readonly mode: number }): void;
  delete(path: string): void;
}
