/** Every setting; `explicit` marks the settings of an `ostor.Provider`, and users never write it. */
const names = [
  "endpoint",
  "accessKeyId",
  "secretAccessKey",
  "region",
  "signatureVersion",
  "dialect",
  "caFile",
  "caPem",
  "insecure",
  "timeoutSeconds",
  "deadlineSeconds",
  "maxRetries",
  "maxConcurrency",
  "explicit",
] as const;

/** The name of a setting, as in `ostor:<name>`. */
export type SettingName = (typeof names)[number];

/** The settings that a user may set. */
export const settingNames: readonly SettingName[] = names.filter((name) => name !== "explicit");

/** Where a command of `npx pulumi-ostor` found its settings, for the commands that it prints. */
export interface Origin {
  /** Flags that name the stack of these settings, quoted for a shell. */
  at: readonly string[];
  /** Flags that gave a setting, such as `--endpoint`: the stack may have another value, which may be right. */
  given?: Partial<Record<SettingName, string>> | undefined;
}

const examples: Partial<Record<SettingName, string>> = {
  endpoint: "https://s3.example.com",
  accessKeyId: "<id of a system user's key>",
  secretAccessKey: "--secret <secret of that key>",
  signatureVersion: "auto",
  dialect: "put",
  insecure: "false",
  timeoutSeconds: "30",
  deadlineSeconds: "120",
  maxRetries: "4",
  maxConcurrency: "32",
  region: "us-east-1",
  caFile: "/path/of/ca.pem",
  // A PEM text begins with hyphens, like a flag.
  caPem: '-- "$(cat ca.pem)"',
};

/** The variable of a setting: `OSTOR_ACCESS_KEY_ID` for `accessKeyId`. */
export function environmentName(name: SettingName): string {
  return `OSTOR_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The setting of the authorities to trust: `caPem` takes precedence over `caFile`. */
export function authoritiesIn({ caPem }: { caPem?: string | undefined }): "caFile" | "caPem" {
  return caPem === undefined ? "caFile" : "caPem";
}

/** The command that sets a setting for its stack, or the flag that gave it. */
export function setCommand(
  origin: Origin | undefined,
  name: SettingName,
  value = examples[name] ?? "<value>",
): string {
  const flag = origin?.given?.[name];
  if (flag !== undefined) return `${flag} ${value}`;
  const flags = (origin?.at ?? []).map((flag) => `${flag} `).join("");
  return value.startsWith("--secret ")
    ? `pulumi config set ${flags}--secret ostor:${name} ${value.slice("--secret ".length)}`
    : `pulumi config set ${flags}ostor:${name} ${value}`;
}
