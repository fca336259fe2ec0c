import { Problem } from "../problem.ts";

/** Faults of a disk that its owner can mend, by the system's code. */
const rows: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EACCES: ["There is no permission to write", "Name a folder that you own."],
  EBUSY: ["Something else is using", "Close what has it open, and run again."],
  EDQUOT: ["The disk quota is used up for", "Free some space, or name a folder on another disk."],
  EIO: ["The disk failed to write", "Name a folder on another disk."],
  ELOOP: ["Links lead round in a circle at", "Name the folder by its real path."],
  EMFILE: ["Too many files are open to write", "Raise the limit (ulimit -n), and run again."],
  ENAMETOOLONG: ["The path is too long:", "Name a folder with a shorter path."],
  ENFILE: ["Too many files are open to write", "Close some programs, and run again."],
  ENOENT: ["Something else removed a part of", "Run again, with nothing else at work in that folder."],
  ENOSPC: ["There is no space left to write", "Free some space, or name a folder on another disk."],
  ENOTDIR: ["A part of the path is a file:", "Name a folder below folders."],
  EPERM: ["The system does not permit to write", "Name a folder that you own."],
  EROFS: ["The disk is read-only:", "Name a folder on a disk that can be written."],
};

/** The error as a Problem about a path when its owner can mend it, else the error itself. */
export function asProblem(error: unknown, path: string): unknown {
  const row = rows[codeOf(error)];
  return row ? new Problem(`${row[0]} ${path} (${codeOf(error)}).`, row[1]) : error;
}

/** The system's code of a failed call, such as ENOENT, or "". */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
