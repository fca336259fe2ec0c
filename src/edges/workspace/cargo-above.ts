import { cargoCoverage, crateName, readCargoRoot, withCargoMember } from "./cargo.ts";
import { membersOf, textOf } from "./places.ts";
import { editOf, type Finding, fileIn, membership, type Question, refuseCovered, refuseNamesake } from "./survey.ts";

/** Keys of `[workspace.package]` that a member takes over, as `cargo new` does. */
const shared = ["authors", "homepage", "repository"];

/** The edition that the templates are written in; another one would not compile them as they are. */
const edition = "2024";

/** What a Cargo workspace above says of a Rust service. */
export function cargoAbove({ target, above, blueprint, join }: Question): Finding {
  for (const root of above) {
    const file = fileIn(root, "Cargo.toml");
    const text = textOf(file);
    if (text === undefined) continue;
    if (!join && !/^\s*(\[?\s*)workspace\b/m.test(text)) continue;
    const found = readCargoRoot(file, text);
    if (found === undefined) continue;
    const member = membership("cargo", root, target);
    const covered = cargoCoverage(found, member.path);
    // Cargo looks further up, and so does this.
    if (covered === "excluded") {
      return {
        notes: [`${file} excludes ${member.path}, so the service stands alone there, with a Cargo.lock of its own.`],
      };
    }
    if (!join) {
      refuseCovered(covered, file, member.path);
      return { apart: "cargo" };
    }
    const folders = membersOf(root, found.members, "Cargo.toml").filter((folder) => folder !== member.path);
    refuseNamesake(
      root,
      blueprint.name,
      "package",
      ["", ...folders].map((folder) => [folder || "its root", crateName(textOf(root, folder, "Cargo.toml") ?? "")]),
    );
    const after = covered === "covered" ? text : withCargoMember(text, member.path);
    return {
      member,
      leavesOut: [".dockerignore", "Cargo.lock", "Dockerfile", "rust-toolchain.toml"],
      inherits: [
        ...(found.shares.edition === edition ? ["edition"] : []),
        ...shared.filter((key) => key in found.shares),
        ...(found.hasLints ? ["lints"] : []),
      ],
      edits: () => editOf(target, file, text, after, `list ${member.path} as a member`),
    };
  }
  return {};
}
