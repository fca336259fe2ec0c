import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

export const isRoot = process.getuid?.() === 0;

/** Mounts a disk in memory, which only root may on Linux; `size` as `mount` takes it. */
export function mountDisk(folder: string, size: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "groundwork-test", folder]);
}

export function makeReadOnly(folder: string): void {
  execFileSync("mount", ["-o", "remount,ro", folder]);
}

export function unmountDisk(folder: string): void {
  execFileSync("umount", [folder]);
}

/** Whether disks can be mounted here; in a container without the right they cannot, even by root. */
export function mayMount(folder: string): boolean {
  try {
    mountDisk(folder, "64k");
    unmountDisk(folder);
    return true;
  } catch {
    return false;
  }
}
