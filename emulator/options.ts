import { type Assumptions, defaultAssumptions } from "./assumptions";
import { errorCodes, isStatus } from "./errors";
import { isProfile, type Profile, profiles } from "./profiles";

/** Options of `createEmulator`. All are optional. */
export interface EmulatorOptions {
  /** TCP port. Default 0, a free one. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /**
   * Names under which clients reach the emulator, in addition to `localhost`, `host` and the name of the machine.
   * Default none. A subdomain is a bucket: with `s3.example.com`, the host `data.s3.example.com` is the bucket `data`.
   */
  hostNames?: readonly string[];
  /** Access key id of the system user. Derived from the seed by default. */
  accessKeyId?: string;
  /** Secret access key of the system user. Derived from the seed by default. */
  secretAccessKey?: string;
  /** Milliseconds since 1970. Default `Date.now`. Dates of requests are compared with it. */
  clock?: () => number;
  /** The same seed gives the same ids and keys. Default random. */
  seed?: number;
  /** The generation of the service. Default "seed". */
  profile?: Profile;
  /** What to do where the service is not documented. Overrides the profile and `defaultAssumptions`. */
  assumptions?: Partial<Assumptions>;
  /** Delay before each request is handled, in milliseconds. Default 0. */
  delayMs?: number;
  /** Path of a file that stores everything across restarts. Default none: everything is in memory only. */
  dataFile?: string;
  /** Serves https with this key and certificate, both PEM. Default http. */
  tls?: { key: string; cert: string };
}

/** @throws TypeError that names the invalid option and its allowed values */
export function checkOptions(options: EmulatorOptions): void {
  checkNumber("port", options.port, 65535);
  checkNumber("delayMs", options.delayMs, 2 ** 31 - 1);
  for (const name of options.hostNames ?? []) checkHostName(name);
  const { profile = "seed" } = options;
  if (!isProfile(profile)) {
    const known = Object.keys(profiles).join(", ");
    throw new TypeError(`profile must be one of ${known}, not ${String(profile)}`);
  }
  for (const [name, value] of Object.entries(options.assumptions ?? {})) {
    checkAssumption(name, value);
  }
  for (const name of ["accessKeyId", "secretAccessKey"] as const) {
    if (options[name] === "") throw new TypeError(`${name} must not be empty`);
  }
}

const choices: Record<string, readonly string[]> = {
  signatureVersions: ["v2", "v4"],
  unsupportedSignatureCode: errorCodes,
  listShape: ["array", "object"],
  genKeyReply: ["new", "all"],
  errorFormat: ["xml", "json", "headers", "none"],
};

function checkAssumption(name: string, value: unknown): void {
  if (!Object.hasOwn(defaultAssumptions, name)) throw new TypeError(`unknown assumption ${name}`);
  const type = typeof defaultAssumptions[name as keyof Assumptions];
  if (typeof value !== type) throw new TypeError(`assumptions.${name} must be a ${type}`);
  for (const choice of [value].flat()) checkChoice(name, choice);
  if (typeof value !== "number") return;
  if (!name.endsWith("Status")) checkNumber(`assumptions.${name}`, value, Number.MAX_SAFE_INTEGER);
  else if (!isStatus(value)) throw new TypeError(`assumptions.${name} must be from 200 to 599`);
}

function checkChoice(name: string, value: unknown): void {
  const allowed = choices[name];
  if (allowed && !allowed.includes(String(value))) {
    throw new TypeError(
      `assumptions.${name} must be ${allowed.join(" or ")}, not ${String(value)}`,
    );
  }
}

/** A name with a port or scheme would never match a host. */
function checkHostName(name: string): void {
  if (typeof name !== "string" || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name)) {
    throw new TypeError(`hostNames takes names such as s3.example.com, not ${name}`);
  }
}

function checkNumber(name: string, value: number | undefined, largest: number): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value < 0 || value > largest) {
    throw new TypeError(`${name} must be a whole number from 0 to ${largest}, not ${value}`);
  }
}
