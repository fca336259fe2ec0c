import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./ports.ts";

/** A PostgreSQL server of our own on a free port of this machine, which can be stopped and frozen without anybody else's harm. */
export interface Cluster extends AsyncDisposable {
  /** URL of its superuser and of the database `postgres`. */
  readonly url: string;
  stop(): void;
  start(): void;
  /** Its processes stay, and answer nothing. */
  freeze(): void;
  thaw(): void;
}

/** One that also speaks TLS, as `localhost`. */
export interface TlsCluster extends Cluster {
  /** File with the certificate of the authority that signed the server's. */
  readonly authority: string;
}

/** @throws Error that names what to install when there is no openssl either. */
export async function newTlsCluster(): Promise<TlsCluster> {
  const folder = mkdtempSync(path.join(tmpdir(), "postgres-"));
  const { authority, certificate, key } = certify(folder);
  const cluster = await clusterIn(folder, `-c ssl=on -c ssl_cert_file=${certificate} -c ssl_key_file=${key}`);
  return { ...cluster, authority };
}

/** @throws Error that names what to install when there is no PostgreSQL. */
export const newCluster = (): Promise<Cluster> => clusterIn(mkdtempSync(path.join(tmpdir(), "postgres-")));

async function clusterIn(folder: string, more = ""): Promise<Cluster> {
  const data = path.join(folder, "data");
  const port = await freePort();
  const asOwner = ownerOf(folder);
  const run = (program: string, ...args: string[]) => {
    const [file = "", ...rest] = [...asOwner, path.join(binaries(), program), ...args];
    execFileSync(file, rest, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  };
  const control = (...args: string[]) => run("pg_ctl", "-D", data, "-w", "-s", ...args);
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=500 -c fsync=off ${more}`;
  const start = () => control("-o", settings, "-l", path.join(folder, "log"), "start");
  run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync");
  start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop: () => control("-m", "immediate", "stop"),
    freeze: () => signal(data, "SIGSTOP"),
    thaw: () => signal(data, "SIGCONT"),
    async [Symbol.asyncDispose]() {
      if (existsSync(path.join(data, "postmaster.pid"))) control("-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The newest of Debian's, which are not on the PATH, or what is there. */
function binaries(): string {
  const debian = "/usr/lib/postgresql";
  const [newest] = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const found = newest
    ? path.join(debian, newest, "bin")
    : process.env.PATH?.split(path.delimiter).find((each) => existsSync(path.join(each, "initdb")));
  if (found === undefined) throw new Error("PostgreSQL is missing: apt-get install postgresql");
  return found;
}

/** PostgreSQL refuses to run as root, so that a container's root lends it Debian's user. */
function ownerOf(folder: string): string[] {
  if (process.getuid?.() !== 0) return [];
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  for (const entry of [".", ...readdirSync(folder)]) chownSync(path.join(folder, entry), id("-u"), id("-g"));
  return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
}

/** Makes an authority and a certificate for `localhost` and no other name. */
function certify(folder: string): { authority: string; certificate: string; key: string } {
  const [authority, certificate, key] = ["authority.pem", "server.pem", "server.key"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  const signer = path.join(folder, "authority.key");
  const make = (...args: string[]) =>
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  make("-keyout", signer, "-out", authority, "-subj", "/CN=authority", "-addext", "keyUsage=critical,keyCertSign");
  const server = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const leaf = ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", authority, "-CAkey", signer];
  make("-keyout", key, "-out", certificate, ...server, ...leaf);
  return { authority, certificate, key };
}

function signal(data: string, name: NodeJS.Signals): void {
  const [postmaster = ""] = readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8").trim().split(" ");
  for (const pid of [postmaster, ...children]) if (pid !== "") process.kill(Number(pid), name);
}
