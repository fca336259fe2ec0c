import type { Language } from "../../model/verdict.ts";
import type { Dialect } from "./dialect.ts";
import { dialect as go } from "./go.ts";
import { dialect as rust } from "./rust.ts";
import { dialect as typescript } from "./typescript.ts";

export const dialects: Readonly<Record<Language, Dialect>> = { rust, go, typescript };
