import { accessSync, constants } from "node:fs";
import { z } from "zod";
import { hasCertificates } from "./certificate";
import { settingFound, settingProblem } from "./messages";
import { environmentName, settingNames, type Origin, type SettingName } from "./names";
import { isUnknown } from "./unknown";

export type { Origin, SettingName } from "./names";

/** How requests are signed; `auto` starts with V4 and, until a request succeeds, tries V2 if V4 is refused. */
export type SignatureVersion = "auto" | "v4" | "v2";

/** The verb that generates and revokes keys: POST, or PUT for releases 2.x. */
export type Dialect = "post" | "put";

/** What the client needs to know about a cluster. Times are in seconds, as in the settings. */
export interface Settings {
  /** Origin of the S3 gateway: scheme, host and port, without a slash at the end. */
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
  /** The settings come from an `ostor.Provider`, not from the stack's configuration. */
  explicit: boolean;
  /** Only in a command of `npx pulumi-ostor`. */
  origin?: Origin | undefined;
}

/** Settings as in configuration and environment: texts by name, without the prefix `ostor:`. */
export type RawSettings = Partial<Record<SettingName, string>>;

/** Settings, or one sentence for each that is missing or malformed; `unknown` while a preview does not know them. */
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

/** The highest values of the time limits. */
export const maxSeconds = { timeoutSeconds: 600, deadlineSeconds: 3600 };

const schema = z.object({
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
  caPem: z.string().refine(hasCertificates, "must be a certificate in PEM form").optional(),
  insecure: flag.default(false),
  timeoutSeconds: between(0.1, maxSeconds.timeoutSeconds, decimal, "a number of seconds").default(
    30,
  ),
  deadlineSeconds: between(0.1, maxSeconds.deadlineSeconds, decimal, "a number of seconds").default(
    120,
  ),
  maxRetries: between(0, 20, integer, "a whole number").default(4),
  maxConcurrency: between(1, 256, integer, "a whole number").default(32),
  explicit: flag.default(false),
} satisfies Record<SettingName, z.ZodType>);

/**
 * Collects settings from a stack's configuration; those that it does not set come from `OSTOR_*` variables.
 * The environment never applies to an explicit provider: a stray variable must not send a stack to another cluster.
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
 * Checks collected settings and fills in defaults. Never throws; a problem never contains a secret.
 *
 * @param origin - where a command of `npx pulumi-ostor` found the settings
 */
export function parseSettings(raw: RawSettings, origin?: Origin): SettingsResult {
  if (Object.values(raw).some(isUnknown)) return { unknown: true };
  const result = schema.safeParse(raw);
  if (result.success) return { settings: { ...result.data, ...(origin && { origin }) } };
  return {
    problems: result.error.issues.map((issue) =>
      problem(issue.path[0] as SettingName, issue.message, raw, origin),
    ),
  };
}

/** A value for a message, without the secret and without a password or token in the endpoint. */
function printable(value: string, secret: string): string {
  const withoutSecret = secret === "" ? value : value.replaceAll(secret, "[secret]");
  return withoutSecret
    .replace(/^(https?:\/*)?.*@/is, "$1[hidden]@")
    .replace(/=.*$/s, "=[hidden]")
    .slice(0, 80);
}

function problem(
  name: SettingName,
  rule: string,
  raw: RawSettings,
  origin: Origin | undefined,
): string {
  // A pasted secret may end with a line break.
  const secret = raw.secretAccessKey?.trim() ?? "";
  const value = raw[name];
  const isPrintable = name !== "secretAccessKey" && name !== "caPem";
  const found = settingFound(rule, value && printable(value, secret), isPrintable);
  return settingProblem(name, found, { isExplicit: raw.explicit === "true", origin });
}
