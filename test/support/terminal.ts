import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { inject } from "vitest";
import { Screen } from "./screen.ts";

/**
 * Runs a program in a pseudo-terminal: lines on stdin are orders (`send`, `size`), what the program draws comes out on stdout,
 * and the last line on stderr tells how it ended and whether the terminal is as it was.
 */
const DRIVER = `
import fcntl, json, os, pty, select, struct, sys, termios
columns, rows, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.read(0, 1)
    os.execvp(program[0], program)
resize = lambda columns, rows: fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
resize(columns, rows)
before = termios.tcgetattr(terminal)
os.write(terminal, b"\\n")
os.read(terminal, 2)
orders, open_ = b"", True
while True:
    ready, _, _ = select.select([terminal] + ([0] if open_ else []), [], [])
    if terminal in ready:
        try:
            drawn = os.read(terminal, 65536)
        except OSError:
            drawn = b""
        if not drawn:
            break
        os.write(1, drawn)
    if 0 in ready:
        read = os.read(0, 65536)
        open_ = bool(read)
        orders += read
        while b"\\n" in orders:
            line, orders = orders.split(b"\\n", 1)
            order = json.loads(line)
            if "send" in order:
                os.write(terminal, order["send"].encode())
            else:
                resize(*order["size"])
_, status = os.waitpid(pid, 0)
after = termios.tcgetattr(terminal)
flags = lambda settings: settings[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
sys.stderr.write(json.dumps({"code": os.waitstatus_to_exitcode(status), "restored": flags(before) == flags(after)}))
`;

export const keys = {
  enter: "\r",
  space: " ",
  up: "\u001b[A",
  down: "\u001b[B",
  escape: "\u001b",
  interrupt: "\u0003",
  end: "\u0004",
} as const;

export interface Ending {
  readonly code: number;
  /** Whether the terminal echoes and edits lines as it did before. */
  readonly restored: boolean;
}

export interface Terminal {
  /** What the window shows now. */
  readonly screen: Screen;
  /** Waits until what was drawn since the last key and the last match matches, and returns the match. */
  until(pattern: string | RegExp): Promise<string>;
  /** The same, so that it can be waited for again. */
  see(pattern: string | RegExp): Promise<string>;
  /** Everything that was ever drawn, as it came. */
  drawn(): string;
  send(text: string): void;
  resize(columns: number, rows: number): void;
  ended(): Promise<Ending>;
}

/** Opens the packed program in a real pseudo-terminal, in a folder. */
export function open(
  cwd: string,
  args: readonly string[],
  { columns = 80, rows = 40, env = {} }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): Terminal {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|CI$|VITEST|GIT_|NO_COLOR$|FORCE_COLOR$)/.test(name)),
  );
  const program = ["node", path.join(inject("packed"), "dist/cli.js"), ...args];
  const driver = spawn("python3", ["-c", DRIVER, String(columns), String(rows), ...program], {
    cwd,
    env: { ...own, TERM: "xterm-256color", GIT_CONFIG_GLOBAL: "/dev/null", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const screen = new Screen(columns, rows);
  let fresh = "";
  let matched = 0;
  let all = "";
  let told = "";
  let wake = () => {};
  driver.stdout.setEncoding("utf8").on("data", (drawn: string) => {
    fresh += drawn;
    all += drawn;
    screen.draw(drawn);
    wake();
  });
  driver.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const closed = once(driver, "close").then(() => wake());
  const order = (what: object) => driver.stdin.write(`${JSON.stringify(what)}\n`);
  const find = async (pattern: string | RegExp) => {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const text = plain(fresh).slice(matched);
      const place = typeof pattern === "string" ? text.indexOf(pattern) : text.search(pattern);
      if (place >= 0) {
        const found = typeof pattern === "string" ? pattern : (pattern.exec(text)?.[0] ?? "");
        return { found, end: place + found.length };
      }
      if (driver.exitCode !== null || Date.now() > deadline) {
        throw new Error(`Never drew ${pattern}; the window shows:\n${screen.text()}\n${told}`);
      }
      await Promise.race([
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
        new Promise((resolve) => setTimeout(resolve, 500)),
      ]);
    }
  };
  return {
    screen,
    async until(pattern) {
      const { found, end } = await find(pattern);
      matched += end;
      return found;
    },
    see: async (pattern) => (await find(pattern)).found,
    drawn: () => all,
    send(text) {
      fresh = "";
      matched = 0;
      order({ send: text });
    },
    resize(wide, high) {
      screen.resize(wide, high);
      order({ size: [wide, high] });
    },
    async ended() {
      await closed;
      return JSON.parse(told) as Ending;
    },
  };
}

/** Without colours and cursor moves, and with line breaks of a narrow window as blanks. */
function plain(drawn: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal is steered by
  return drawn.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[78]/g, "").replaceAll(/\s+/g, " ");
}
