import { crc32 } from "node:zlib";
import type { Tree, TreeFile } from "../model/tree.ts";

export type Format = "tar" | "zip";

/** The tree as one file, below a folder of the service's name; the same bytes for the same tree, so there is no clock in it. */
export function pack(tree: Tree, root: string, format: Format): Uint8Array {
  const files = [...tree].map(
    ([path, file]): Entry => ({ path: `${root}/${path}`, mode: modeOf(file), bytes: Buffer.from(file.content) }),
  );
  return format === "tar" ? tar(files) : zip(files);
}

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

const modeOf = ({ executable }: TreeFile) => (executable ? 0o755 : 0o644);

const block = 512;

/** POSIX ustar, which ends with two empty blocks. */
function tar(files: readonly Entry[]): Uint8Array {
  const parts = files.flatMap((file) => [tarHeader(file), file.bytes, Buffer.alloc(-file.bytes.length & (block - 1))]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function tarHeader({ path, mode, bytes }: Entry): Buffer {
  const header = Buffer.alloc(block);
  const number = (value: number, at: number, width: number) =>
    header.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at);
  const [prefix, name] = split(path);
  header.write(name, 0);
  number(mode, 100, 8);
  number(0, 108, 8);
  number(0, 116, 8);
  number(bytes.length, 124, 12);
  number(0, 136, 12);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** A header has 100 bytes for the end of a path, and 155 for what comes before a slash. */
function split(path: string): [prefix: string, name: string] {
  if (path.length <= 100) return ["", path];
  const at = path.indexOf("/", path.length - 101);
  if (at < 0 || at > 155) throw new Error(`${path} is too long for a tar.`);
  return [path.slice(0, at), path.slice(at + 1)];
}

/** 1980-01-01, the first day that the format knows. */
const firstDay = 0x21;
const madeOnUnix = 0x0314;
const namesAreUtf8 = 0x0800;

/** Stored as they are: what deflate makes of them differs between versions of zlib. */
function zip(files: readonly Entry[]): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, mode, bytes } of files) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(namesAreUtf8, 2);
    common.writeUInt16LE(firstDay, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, bytes]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 6);
    attributes.writeUInt32LE(offset, 10);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(madeOnUnix);
    central.push(Buffer.from("PK\x01\x02"), made, common, attributes, name);
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\x05\x06"), end]);
}
