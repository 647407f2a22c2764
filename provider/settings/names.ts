/** Every setting; `explicit` is the mark of an explicit provider, which no person writes. */
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

/** The settings that a person may write. */
export const settingNames: readonly SettingName[] = names.filter((name) => name !== "explicit");

/** Where settings of a command line come from, for the commands that it prints. */
export interface Origin {
  /** Flags that lead a printed command to the stack of these settings, as a shell takes them. */
  at: readonly string[];
  /** Flags that gave a setting, such as `--endpoint`: the stack may hold another value, and it may be right. */
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
  // A PEM begins with hyphens, and would be taken for a flag.
  caPem: '-- "$(cat ca.pem)"',
};

/** `accessKeyId` as the environment spells it: `OSTOR_ACCESS_KEY_ID`. */
export function environmentName(name: SettingName): string {
  return `OSTOR_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The setting that holds the authorities to trust, or would: `caPem` goes before `caFile`. */
export function authoritiesIn({ caPem }: { caPem?: string | undefined }): "caFile" | "caPem" {
  return caPem === undefined ? "caFile" : "caPem";
}

/** What changes a setting, for messages: the command that sets it for its stack, or the flag that gave it. */
export function changeOf(
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
