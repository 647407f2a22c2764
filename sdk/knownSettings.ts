import * as pulumi from "@pulumi/pulumi";
import type * as provider from "pulumi-ostor/provider";
import { isMocked } from "./registration";
import { isInline } from "./run";

// Every setting, as the compiler sees to. The provider's own list comes with all of its code.
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

type Unknowns = Pick<
  typeof provider,
  "describeUnknown" | "misspeltVariables" | "unknownArguments" | "unknownKeys"
>;

/**
 * Reports `ostor:` keys of the stack's configuration that are not settings, once in each run: likely misspellings as an
 * error, others as a warning. In a project named `ostor` these are the program's own keys, and only likely ones are named.
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
  const { describeUnknown, misspeltVariables, unknownKeys } = loadUnknowns();
  const unknown = unknownKeys(keys);
  const likely = unknown.filter(({ meant }) => meant !== undefined);
  const isOwn = pulumi.getProject() === "ostor";
  if (likely.length > 0 && !isOwn) {
    const fix = likely.map(({ written }) => `pulumi config rm ${written}`).join(" && ");
    throw new pulumi.RunError(`${likely.map(describeUnknown).join("; ")} To remove: ${fix}`);
  }
  const others = isOwn ? likely : unknown;
  for (const each of [...others, ...misspeltVariables(variables)]) {
    void pulumi.log.warn(describeUnknown(each));
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
  const { describeUnknown, unknownArguments } = loadUnknowns();
  const problems = unknownArguments(given).map(describeUnknown).join("; ");
  throw new pulumi.RunError(`Provider ${provider}: ${problems}`);
}

/** Only for a message: the provider's code stays out of programs that need none. */
function loadUnknowns(): Unknowns {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a constructor can't wait for an import
  return require("pulumi-ostor/provider") as Unknowns;
}
