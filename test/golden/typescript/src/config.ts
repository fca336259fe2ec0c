import { databaseUrlFault, defaultDatabaseUrl } from "./database.ts";
import { isLogLevel, type LogLevel, logLevels } from "./telemetry.ts";

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly logLevel: LogLevel;
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly headerTimeoutMs: number;
  readonly shutdownDelayMs: number;
  readonly shutdownTimeoutMs: number;
}

const hourMs = 3_600_000;

/** Reads the environment once; what is wrong is told all at once, by name and never by value. */
export function readConfig(env: NodeJS.ProcessEnv): Config | { readonly faults: string[] } {
  const faults: string[] = [];

  // An empty variable is one that a deployment left unset.
  const text = (name: string, unset: string) => env[name] || unset;

  const integer = (name: string, unset: number, least: number, most: number) => {
    const value = text(name, String(unset));
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    faults.push(`${name} must be an integer from ${least} to ${most}`);
    return unset;
  };

  const logLevel = (name: string, unset: LogLevel) => {
    const value = text(name, unset);
    if (isLogLevel(value)) return value;
    faults.push(`${name} must be one of ${logLevels.join(", ")}`);
    return unset;
  };

  const databaseUrl = (name: string) => {
    const value = text(name, defaultDatabaseUrl);
    const fault = databaseUrlFault(value);
    if (fault) faults.push(`${name} ${fault}`);
    return value;
  };

  const requestTimeoutMs = integer("REQUEST_TIMEOUT_MS", 30_000, 1, hourMs);
  const config: Config = {
    host: text("HOST", "127.0.0.1"),
    port: integer("PORT", 8080, 0, 65_535),
    databaseUrl: databaseUrl("DATABASE_URL"),
    logLevel: logLevel("LOG_LEVEL", "info"),
    maxBodyBytes: integer("MAX_BODY_BYTES", 1_048_576, 1, 1_000_000_000),
    requestTimeoutMs,
    headerTimeoutMs: Math.min(integer("HEADER_TIMEOUT_MS", 10_000, 1, hourMs), requestTimeoutMs),
    shutdownDelayMs: integer("SHUTDOWN_DELAY_MS", 0, 0, hourMs),
    shutdownTimeoutMs: integer("SHUTDOWN_TIMEOUT_MS", 8_000, 1, hourMs),
  };
  if (config.shutdownDelayMs >= config.shutdownTimeoutMs) {
    faults.push("SHUTDOWN_DELAY_MS must be less than SHUTDOWN_TIMEOUT_MS");
  }
  return faults.length > 0 ? { faults } : config;
}
