import * as pulumi from "@pulumi/pulumi";
import type * as provider from "pulumi-ostor/provider";
import { warn } from "./message";
import { misspeltKeys, unknownArguments, unknownSetting } from "./messages";
import { isMocked } from "./registration";
import { isInline } from "./run";

// Every setting; the compiler checks that. The provider's list would load all of its code.
const known: Record<provider.SettingName, true> = {
  endpoint: true,
  accessKeyId: true,
  secretAccessKey: true,
  region: true,
  signatureVersion: true,
  dialect: true,
  caFile: true,
  caPem: true,
  insecure: true,
  timeoutSeconds: true,
  deadlineSeconds: true,
  maxRetries: true,
  maxConcurrency: true,
  explicit: true,
};
const checked = new WeakSet();

type Checks = Pick<
  typeof provider,
  "describeUnknown" | "misspeltVariables" | "unknownArguments" | "unknownKeys"
>;

/**
 * Reports `ostor:` keys of the stack's configuration that are not settings, once in each run: likely misspellings as an
 * error, others as a warning. In a project named `ostor` such keys may belong to the program: likely misspellings are warnings.
 *
 * @throws pulumi.RunError
 */
export function requireKnownSettings(): void {
  const monitor = pulumi.runtime.getMonitor() as object | undefined;
  if (monitor === undefined || isMocked() || checked.has(monitor)) return;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter(
    (key) => key.startsWith("ostor:") && !(key.slice("ostor:".length) in known),
  );
  const variables = isInline()
    ? []
    : Object.keys(process.env).filter((n) => n.startsWith("OSTOR_"));
  if (keys.length + variables.length > 0) report(keys, variables);
  checked.add(monitor);
}

function report(keys: string[], variables: string[]): void {
  const { describeUnknown, misspeltVariables, unknownKeys } = loadChecks();
  const unknown = unknownKeys(keys);
  const likely = unknown.filter(({ meant }) => meant !== undefined);
  const isOwn = pulumi.getProject() === "ostor";
  if (likely.length > 0 && !isOwn) {
    throw misspeltKeys(
      likely.map(describeUnknown),
      likely.map(({ written }) => written),
    );
  }
  const others = isOwn ? likely : unknown;
  for (const each of [...others, ...misspeltVariables(variables)]) {
    warn(unknownSetting(describeUnknown(each)));
  }
}

/**
 * Refuses arguments of an explicit provider that are not settings.
 *
 * @throws pulumi.RunError
 */
export function requireKnownArguments(provider: string, args: object): void {
  const given = Object.keys(args).filter((name) => !(name in known));
  if (given.length === 0) return;
  const checks = loadChecks();
  const described = checks.unknownArguments(given).map(checks.describeUnknown);
  throw unknownArguments(provider, described);
}

/** Loads the provider's code, which most programs do not need, only to report a problem. */
function loadChecks(): Checks {
  // oxlint-disable-next-line typescript/no-require-imports -- a constructor cannot wait for an import
  return require("pulumi-ostor/provider") as Checks;
}
