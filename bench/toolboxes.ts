import type { Language } from "../src/model/verdict.ts";
import { go } from "./languages/go.ts";
import { rust } from "./languages/rust.ts";
import { typescript } from "./languages/typescript.ts";
import type { Toolbox } from "./toolbox.ts";

export const toolboxes: Readonly<Record<Language, Toolbox>> = { rust, go, typescript };
