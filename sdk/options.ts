import * as pulumi from "@pulumi/pulumi";
import { refusal, warn } from "./message";
import { optionNotSupported, optionReasons } from "./optionMessages";
import { currentRun, onRegistration, onTransform, type Registration } from "./registration";
import { requireOurProvider } from "./provider";
import { typeTokens } from "./texts";

/** Every option of Pulumi's resources. A release that adds one fails the type check, and a test. */
export type OptionName =
  | keyof pulumi.CustomResourceOptions
  | keyof pulumi.ComponentResourceOptions
  // Added after the release that is installed here.
  | "stateMigrations";

/** The classes whose options are checked. */
export type Kind = "User" | "AccessKey" | "RotatingAccessKey" | "Bucket" | "Tenant";

type Reason = Record<Kind, string> | string;

/** Why an option is refused in a class; `undefined` passes the option to the engine. */
export const resourceOptions = {
  additionalSecretOutputs: undefined,
  aliases: undefined,
  customTimeouts: optionReasons.timeouts,
  deleteBeforeReplace: undefined,
  deletedWith: undefined,
  dependsOn: undefined,
  envVarMappings: optionReasons.envVars,
  hideDiffs: undefined,
  hooks: undefined,
  id: undefined,
  ignoreChanges: undefined,
  import: optionReasons.import,
  parent: undefined,
  pluginDownloadURL: optionReasons.version,
  protect: undefined,
  provider: undefined,
  providers: undefined,
  replaceOnChanges: optionReasons.replaceOnChanges,
  replaceWith: undefined,
  replacementTrigger: undefined,
  retainOnDelete: undefined,
  stateMigrations: undefined,
  transformations: undefined,
  transforms: undefined,
  urn: optionReasons.urn,
  version: optionReasons.version,
} satisfies Record<OptionName, Reason | undefined>;

/**
 * Refuses options that the engine would ignore or reject.
 *
 * @throws pulumi.RunError
 */
export function refuseOptions(kind: Kind, name: string, opts: object): void {
  for (const [option, value] of Object.entries(opts)) {
    const known: Reason | undefined = resourceOptions[option as OptionName];
    if (known === undefined || isEmpty(value)) continue;
    const reason = typeof known === "string" ? known : known[kind];
    if (option === "replaceOnChanges" && isUpdate()) {
      warn(optionNotSupported(`${kind} ${name}`, option, reason));
    } else refuse(kind, name, option, reason);
  }
}

/** @throws pulumi.RunError that names the option */
export function refuse(kind: Kind, name: string, option: string, reason: string): never {
  throw refusal(optionNotSupported(`${kind} ${name}`, option, reason));
}

// A preview refuses the option. An update without a preview continues: the option has no effect in it.
function isUpdate(): boolean {
  return !pulumi.runtime.isDryRun() && currentRun() !== undefined;
}

/**
 * Refuses to read a resource by its URN, for which the SDK makes no registration.
 *
 * @throws pulumi.RunError
 */
export function refuseUrn(kind: Kind, name: string, { urn }: pulumi.ResourceOptions): void {
  refuseOptions(kind, name, { urn });
}

/** Whether an option has no effect: a transform gets all options, with empty values for those that are not set. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value !== "object" || pulumi.Output.isInstance(value)) return false;
  return Object.values(value).every(isEmpty);
}

const kinds = {
  [typeTokens.user]: "User",
  [typeTokens.accessKey]: "AccessKey",
  [typeTokens.rotation]: "RotatingAccessKey",
  [typeTokens.bucket]: "Bucket",
} as const;

/** Checks the options of each resource of a type when it is registered. */
export function checkRegistrations(
  type: keyof typeof kinds,
  rule: (registration: Registration) => pulumi.Inputs = ({ props }) => props,
): void {
  onRegistration(type, (registration) => {
    const { name, opts } = registration;
    refuseOptions(kinds[type], name, opts);
    requireOurProvider(`${kinds[type]} ${name}`, type, opts);
    return rule(registration);
  });
}

onTransform((type, name, opts: pulumi.CustomResourceOptions) => {
  const kind = kinds[type as keyof typeof kinds];
  refuseOptions(kind, name, opts);
  if (kind !== "User" || opts.deleteBeforeReplace !== false) return;
  refuse(kind, name, "deleteBeforeReplace: false", optionReasons.deleteBeforeReplace);
});
