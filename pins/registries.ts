import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { newestOf, type Pin } from "./pins.ts";

/** The newest version of a pin that its hold allows, told by the ordinary client of its registry; undefined where none is asked here. */
export function newestFor(pin: Pin): string | undefined {
  return Object.hasOwn(clients, pin.datasource) ? clients[pin.datasource]?.(pin) : undefined;
}

const clients: Readonly<Record<string, (pin: Pin) => string | undefined>> = {
  crate({ name, hold }) {
    const version = /^version: (\S+)(?: \(latest (\S+)\))?/m.exec(ask("cargo", ["info", "--quiet", name]));
    return newestOf([version?.[2] ?? version?.[1] ?? ""], hold?.within);
  },
  npm: newestPackage,
  // Each release of Node is a package of that name too.
  "node-version": newestPackage,
  go: newestModule,
  // The module proxy knows Go itself as a module.
  "golang-version": newestModule,
};

function newestPackage({ name, hold }: Pin): string | undefined {
  const wanted = hold?.within ? [`${name}@${hold.within}`, "version"] : [name, "dist-tags.latest"];
  return newestOf([JSON.parse(ask("npm", ["view", ...wanted, "--json"]))].flat(), hold?.within);
}

function newestModule({ name, hold }: Pin): string | undefined {
  return newestOf(ask("go", ["list", "-m", "-versions", name]).trim().split(" ").slice(1), hold?.within);
}

/** Away from any project, whose own versions a client would tell instead. */
function ask(client: string, args: readonly string[]): string {
  return execFileSync(client, args, { cwd: tmpdir(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
