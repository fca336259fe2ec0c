import { Problem } from "../problem.ts";
import { type Flag, parseFlags } from "./flags.ts";
import { summaries } from "./help.ts";
import { refuseWords } from "./words.ts";

export const shells = ["bash", "zsh", "fish"] as const;

/** Prints what a shell needs to complete commands, flags and their values. */
export async function run(argv: readonly string[]): Promise<void> {
  const [shell = "", ...surplus] = parseFlags(argv, [], process.env).words;
  refuseWords(surplus);
  const known = shells.find((name) => name === shell);
  if (!known) {
    throw new Problem(
      `"${shell}" is not a shell that completion is written for.`,
      `Name ${shells.join(", ")}: npx create-groundwork completion bash`,
    );
  }
  process.stdout.write(`${scripts[known]().join("\n")}\n`);
}

const programs = "create-groundwork groundwork";
const commands = Object.entries(summaries).map(([name, { about, flags }]) => ({ name, about, flags }));
const names = commands.map(({ name }) => name);
const allFlags = [...new Map(commands.flatMap(({ flags }) => flags.map((flag) => [flag.name, flag]))).values()];
const takesList = ({ value = "" }: Flag) => value.includes(",");
const wordsOf = (flag: Flag) => (flag.options ?? []).join(" ");

const scripts: Readonly<Record<(typeof shells)[number], () => string[]>> = { bash, zsh, fish };

function bash(): string[] {
  const values = allFlags.flatMap((flag) => {
    if (!flag.options) return flag.value ? [`    --${flag.name}) COMPREPLY=($(compgen -f -- "$word")) ;;`] : [];
    const reply = takesList(flag)
      ? `COMPREPLY=($(compgen -P "\${word%"\${word##*,}"}" -W "${wordsOf(flag)}" -- "\${word##*,}"))`
      : `COMPREPLY=($(compgen -W "${wordsOf(flag)}" -- "$word"))`;
    return [`    --${flag.name}) ${reply} ;;`];
  });
  const flags = commands.map(
    ({ name, flags: own }) => `    ${name}) words="${own.map((flag) => `--${flag.name}`).join(" ")} --help" ;;`,
  );
  return [
    "_create_groundwork() {",
    `  local word="\${COMP_WORDS[COMP_CWORD]}" command=new words=`,
    '  if [ "$COMP_CWORD" -gt 1 ]; then',
    `    case "\${COMP_WORDS[1]}" in ${names.join(" | ")}) command="\${COMP_WORDS[1]}" ;; esac`,
    "  fi",
    `  case "\${COMP_WORDS[COMP_CWORD-1]}" in`,
    ...values,
    "    *)",
    '    case "$command" in',
    ...flags,
    "    esac",
    `    if [ "$COMP_CWORD" -eq 1 ]; then words="${names.join(" ")} $words"; fi`,
    '    COMPREPLY=($(compgen -W "$words" -- "$word")) ;;',
    "  esac",
    "}",
    `complete -o default -F _create_groundwork ${programs}`,
  ];
}

function zsh(): string[] {
  const argument = (flag: Flag) => {
    const about = flag.about.replaceAll(/[[\]:\\]/g, "\\$&");
    if (!flag.value) return quoted(`--${flag.name}[${about}]`);
    const action = flag.options ? `(${wordsOf(flag)})` : "_files";
    const listed = takesList(flag) ? `_sequence compadd - ${wordsOf(flag)}` : action;
    return quoted(`--${flag.name}[${about}]:${flag.name}:${listed}`);
  };
  return [
    `#compdef ${programs}`,
    "_create_groundwork() {",
    "  local command=new",
    `  case $words[2] in (${names.join("|")}) command=$words[2] ;; esac`,
    "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
    "    local -a commands=(",
    ...commands.map(({ name, about }) => `      ${quoted(`${name}:${about}`)}`),
    "    )",
    "    _describe command commands",
    "  fi",
    "  case $command in",
    ...commands.flatMap(({ name, flags }) => [
      `    ${name}) _arguments \\`,
      ...flags.map((flag) => `      ${argument(flag)} \\`),
      "      '--help[show the flags]' '*:folder:_directories' ;;",
    ]),
    "  esac",
    "}",
    `compdef _create_groundwork ${programs}`,
  ];
}

function fish(): string[] {
  const others = names.filter((name) => name !== "new").join(" ");
  const when = (name: string) =>
    name === "new" ? `not __fish_seen_subcommand_from ${others}` : `__fish_seen_subcommand_from ${name}`;
  return [
    `for program in ${programs}`,
    ...commands.map(
      ({ name, about }) => `  complete -c $program -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
    ),
    ...commands.flatMap(({ name, flags }) =>
      flags.map((flag) => {
        const value = flag.options ? ` -x -a ${quoted(wordsOf(flag))}` : flag.value ? " -r" : "";
        return `  complete -c $program -n ${quoted(when(name))} -l ${flag.name}${value} -d ${quoted(flag.about)}`;
      }),
    ),
    "end",
  ];
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
