/** A template that has been read: text, and what stands between. */
export type Template = readonly Part[];

/** A path of names, such as `service.name`; `this` is the item of a list, `@last` whether it is the last one. */
export type Path = readonly string[];

export type Part =
  | string
  | { readonly print: Path; readonly escape?: string }
  | { readonly each: Path; readonly body: Template }
  | { readonly when: Path; readonly body: Template; readonly otherwise: Template };
