const examples = {
  npm: "npm create groundwork my-service -- --language go",
  pnpm: "pnpm create groundwork my-service --language go",
  yarn: "yarn create groundwork my-service --language go",
  bun: "bun create groundwork my-service --language go",
} as const;

type PackageManager = keyof typeof examples;

/** The package manager that runs this, as it says itself; npm when nothing does. */
export function packageManager(env: NodeJS.ProcessEnv): PackageManager {
  const name = env.npm_config_user_agent?.split("/", 1)[0] ?? "";
  return Object.hasOwn(examples, name) ? (name as PackageManager) : "npm";
}

/** How to pass flags through a package manager: npm alone keeps those without `--` to itself. */
export function flagsHint(env: NodeJS.ProcessEnv): string {
  const manager = packageManager(env);
  return `${manager === "npm" ? "Put -- before the flags" : "Write the flags behind the folder"}: ${examples[manager]}`;
}
