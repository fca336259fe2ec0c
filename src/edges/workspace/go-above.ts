import { isAtLeast } from "../../compose/toolchains.ts";
import type { Tree } from "../../model/tree.ts";
import { readGoWork, withGoModule } from "./go-work.ts";
import { textOf } from "./places.ts";
import { editOf, type Finding, fileIn, membership, type Question, refuseNamesake } from "./survey.ts";

/** What a go.work above says of a Go service; only the nearest counts. */
export function goAbove({ target, above, blueprint, join }: Question): Finding {
  const root = above.find((folder) => textOf(folder, "go.work") !== undefined);
  if (root === undefined) return {};
  const file = fileIn(root, "go.work");
  const text = textOf(file) ?? "";
  if (!join) return { apart: "go", notes: [`Its commands say GOWORK=off, because ${file} does not list it.`] };
  const { go, uses } = readGoWork(file, text);
  const member = membership("go", root, target);
  const isListed = uses.includes(member.path);
  refuseNamesake(
    root,
    blueprint.module,
    "module",
    uses.filter((use) => use !== member.path).map((use) => [use, moduleIn(textOf(root, use, "go.mod") ?? "")]),
  );
  const whys = (needed: string) => [
    ...(isListed ? [] : [`use ./${member.path}`]),
    ...(go !== undefined && isAtLeast(go, needed) ? [] : [`raise its go line${go ? ` from ${go}` : ""} to ${needed}`]),
  ];
  return {
    member,
    edits(tree) {
      const needed = goIn(tree);
      const why = whys(needed).join(", and ");
      return why === ""
        ? []
        : editOf(target, file, text, withGoModule(file, text, member.path, needed, !isListed), why);
    },
  };
}

const moduleIn = (goMod: string) => /^module\s+"?([^\s"]+)/m.exec(goMod)?.[1];

function goIn(tree: Tree): string {
  const said = /^go (\S+)$/m.exec(tree.get("go.mod")?.content ?? "")?.[1];
  if (said === undefined) throw new Error("go.mod has no go line.");
  return said;
}
