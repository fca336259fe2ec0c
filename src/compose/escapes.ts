/** One escape for each place that a user's text can land in; each is a helper of the same name in the templates. */

export const json = (value: unknown): string => JSON.stringify(value);

/** A double-quoted scalar of YAML 1.2 reads JSON's escapes. */
export const yaml = (value: string): string => JSON.stringify(value);

/** A basic string of TOML; JSON's escapes are among its own, and DEL must be escaped too. */
export const toml = (value: string): string => JSON.stringify(value).replaceAll("\u007f", "\\u007F");

/**
 * Text of a paragraph of Markdown, which must neither become markup nor start a list or a heading.
 * Forges make links of bare addresses, in which no escape is read; so none is left bare.
 */
export const md = (value: string): string =>
  value
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]<>|~&]/g, "\\$&")
    .replaceAll("://", "\\://")
    .replaceAll(/\bwww\./gi, (www) => www.replace(".", "\\."))
    .replace(/^(\d*)([#+.)=-])/, "$1\\$2");

/** The rest of a line comment. */
export const comment = (value: string): string => value.replaceAll(/\s+/g, " ").trim();
