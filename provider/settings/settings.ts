import { accessSync, constants } from "node:fs";
import { z } from "zod";
import { holdsCertificates } from "./certificate";
import { plain } from "../text/plain";
import { changeOf, environmentName, settingNames, type Origin, type SettingName } from "./names";
import { isUnknown } from "./unknown";

export type { Origin, SettingName } from "./names";

/** How requests are signed; `auto` starts with V4 and, until one has succeeded, tries V2 where V4 is refused. */
export type SignatureVersion = "auto" | "v4" | "v2";

/** The verb that generates and revokes keys: POST, or PUT for releases 2.x. */
export type Dialect = "post" | "put";

/** Everything the client needs to know of a cluster. Times in seconds, as the settings are written. */
export interface Settings {
  /** Origin of the S3 gateway: scheme, host and port, no slash at the end. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  signatureVersion: SignatureVersion;
  dialect: Dialect;
  caFile?: string | undefined;
  caPem?: string | undefined;
  insecure: boolean;
  timeoutSeconds: number;
  deadlineSeconds: number;
  maxRetries: number;
  maxConcurrency: number;
  /** The settings came with an `ostor.Provider`, not from the stack's configuration. */
  explicit: boolean;
  /** Of a command line of ours; the engine has none. */
  origin?: Origin | undefined;
}

/** Settings as configuration and environment hold them: texts by name, without the `ostor:` in front. */
export type RawSettings = Partial<Record<SettingName, string>>;

/** Settings, or what is wrong with them, one sentence each; `unknown` while a preview can't know them. */
export type SettingsResult =
  | { settings: Settings; problems?: never; unknown?: never }
  | { problems: string[]; settings?: never; unknown?: never }
  | { unknown: true; settings?: never; problems?: never };

const endpoint = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === "" &&
    /^\/*$/.test(url.pathname);
  if (isOrigin) return url.origin;
  context.addIssue({
    code: "custom",
    message: "must be scheme, host and port, such as https://s3.example.com",
  });
  return z.NEVER;
});
const token = z.string().regex(/^[\x21-\x7e]+$/, "must be one word without spaces or line breaks");
const flag = z
  .enum(["true", "false"], "must be true or false")
  .transform((text) => text === "true");

function between(minimum: number, maximum: number, pattern: RegExp, kind: string) {
  const message = `must be ${kind} from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(pattern, message)
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message));
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

const integer = /^\d+$/;
const decimal = /^\d+(\.\d+)?$/;

/** The longest times that may be set. */
export const mostSeconds = { timeoutSeconds: 600, deadlineSeconds: 3600 };

const schemas = {
  endpoint,
  accessKeyId: token,
  secretAccessKey: token,
  region: token.default("us-east-1"),
  signatureVersion: z.enum(["auto", "v4", "v2"], "must be auto, v4 or v2").default("auto"),
  dialect: z.enum(["post", "put"], "must be post or put").default("post"),
  caFile: z
    .string()
    .refine(isReadable, "must be the path of a PEM file that can be read")
    .optional(),
  caPem: z.string().refine(holdsCertificates, "must be a certificate in PEM form").optional(),
  insecure: flag.default(false),
  timeoutSeconds: between(0.1, mostSeconds.timeoutSeconds, decimal, "a number of seconds").default(
    30,
  ),
  deadlineSeconds: between(
    0.1,
    mostSeconds.deadlineSeconds,
    decimal,
    "a number of seconds",
  ).default(120),
  maxRetries: between(0, 20, integer, "a whole number").default(4),
  maxConcurrency: between(1, 256, integer, "a whole number").default(32),
  explicit: flag.default(false),
} satisfies Record<SettingName, z.ZodType>;

/**
 * Collects settings from a stack's configuration and, for what that leaves out, from `OSTOR_*` variables.
 * The environment never applies to an explicit provider: a stray variable must not point a stack elsewhere.
 */
export function collectSettings(
  get: (key: string) => unknown,
  environment: Record<string, string | undefined> = process.env,
): RawSettings {
  const isExplicit = text(get("ostor:explicit")) === "true";
  const found = [...settingNames, "explicit" as const].flatMap((name) => {
    const value =
      text(get(`ostor:${name}`)) ??
      (isExplicit || name === "explicit" ? undefined : environment[environmentName(name)]);
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Checks collected settings and fills in defaults. Never throws; a problem never prints a secret.
 *
 * @param origin - of a command line
 */
export function parseSettings(raw: RawSettings, origin?: Origin): SettingsResult {
  if (Object.values(raw).some(isUnknown)) return { unknown: true };
  const result = z.object(schemas).safeParse(raw);
  if (result.success) return { settings: { ...result.data, ...(origin && { origin }) } };
  return {
    problems: result.error.issues.map((issue) =>
      problem(issue.path[0] as SettingName, issue.message, raw, origin),
    ),
  };
}

/** A value for a message, without the password or token that an endpoint may have been given, nor the secret. */
function printable(value: string, secret: string): string {
  const withoutSecret = secret === "" ? value : value.replaceAll(secret, "[secret]");
  return withoutSecret
    .replace(/^(https?:\/*)?.*@/is, "$1[hidden]@")
    .replace(/=.*$/s, "=[hidden]")
    .slice(0, 80);
}

function problem(
  name: SettingName,
  reason: string,
  raw: RawSettings,
  origin: Origin | undefined,
): string {
  const value = raw[name];
  // A pasted one may end with a line break.
  const secret = raw.secretAccessKey?.trim() ?? "";
  const isPrintable = name !== "secretAccessKey" && name !== "caPem";
  const what =
    value === undefined
      ? "is not set"
      : `${reason}${isPrintable ? `, is ${plain(JSON.stringify(printable(value, secret)))}` : ""}`;
  const flag = origin?.given?.[name];
  if (flag !== undefined) return `${flag} ${what}`;
  return raw.explicit === "true"
    ? `ostor.Provider: ${name} ${what}; give it in the provider's arguments`
    : `ostor:${name} ${what}; run: ${changeOf(origin, name)} (or set ${environmentName(name)})`;
}
