import type { Tool } from "../model/toolchain.ts";
import type { Language } from "../model/verdict.ts";

/** What the emitted repositories of each language are built with; the versions are those that their templates pin. */
export function toolchains(pins: Readonly<Record<Language, Readonly<Record<string, string>>>>): Tool[] {
  const rust = pins.rust.rust ?? "";
  return [
    {
      name: "git",
      command: ["git", "--version"],
      least: "2.28",
      languages: [],
      get: "your system's packages, or git-scm.com",
    },
    {
      name: "Rust",
      command: ["rustc", "--version"],
      least: rust,
      languages: ["rust"],
      get: `rustup.rs, then: rustup toolchain install ${rust}`,
    },
    {
      name: "Cargo",
      command: ["cargo", "--version"],
      least: rust,
      languages: ["rust"],
      get: `rustup.rs, then: rustup toolchain install ${rust}`,
    },
    {
      name: "Go",
      command: ["go", "version"],
      // From this one on the go command fetches the version that go.mod asks for.
      least: "1.21",
      leastAlone: pins.go.go ?? "",
      languages: ["go"],
      get: `go.dev/dl; with GOTOOLCHAIN=auto it fetches ${pins.go.go ?? ""} by itself`,
    },
    {
      name: "Node",
      command: ["node", "--version"],
      least: pins.typescript.node?.split(".", 1)[0] ?? "",
      languages: ["typescript"],
      get: "nodejs.org, or a version manager that reads .nvmrc; npm comes with it",
    },
  ];
}

/** Whether a version is not older than another, number by number. */
export function isAtLeast(version: string, least: string): boolean {
  const [found, needed] = [version, least].map((text) => text.split(".").map(Number));
  for (const [place, number] of (needed ?? []).entries()) {
    const own = found?.[place] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
