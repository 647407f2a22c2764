import * as pulumi from "@pulumi/pulumi";
import { currentRun, onRegistration, onTransform, type Registration } from "./registration";
import { requireOurs } from "./provider";
import { typeTokens } from "./texts";

/** Every option of Pulumi's resources. A release that adds one fails the check of types, and a test. */
export type OptionName =
  | keyof pulumi.CustomResourceOptions
  | keyof pulumi.ComponentResourceOptions
  // Newer than the release that is installed here.
  | "stateMigrations";

/** The classes whose options are checked. */
export type Kind = "User" | "AccessKey" | "RotatingAccessKey" | "Bucket" | "Tenant";

type Refusal = Record<Kind, string> | string;

const adoptUser =
  'a dynamic provider cannot import; set adopt: "<user id>" in the arguments, which npx pulumi-ostor export writes, or read the user with User.get';
const adoptKey = 'a dynamic provider cannot import; set adopt: "<access key id>" in the arguments';
const noUrn = "this package cannot read a resource by its URN; use";
const noChanges = "the engine does not learn which property of a dynamic provider changed; use";
const noVersion =
  "the provider is part of the npm package; install the version of pulumi-ostor that you want";

/** What is refused in every class, each with what to do instead; `undefined` is handed to the engine. */
export const resourceOptions = {
  additionalSecretOutputs: undefined,
  aliases: undefined,
  customTimeouts:
    "the engine does not enforce timeouts of a dynamic provider; set ostor:deadlineSeconds",
  deleteBeforeReplace: undefined,
  deletedWith: undefined,
  dependsOn: undefined,
  envVarMappings: "it belongs to a provider resource; remove it",
  hideDiffs: undefined,
  hooks: undefined,
  id: undefined,
  ignoreChanges: undefined,
  import: {
    User: adoptUser,
    Tenant: adoptUser,
    AccessKey: `${adoptKey}, or read the key with AccessKey.get`,
    RotatingAccessKey: adoptKey,
    Bucket:
      "a dynamic provider cannot import; remove the option: a Bucket only tracks a bucket that exists",
  },
  parent: undefined,
  pluginDownloadURL: noVersion,
  protect: undefined,
  provider: undefined,
  providers: undefined,
  replaceOnChanges: {
    User: `${noChanges} replacementTrigger`,
    Tenant: `${noChanges} keepers of a key`,
    AccessKey: `${noChanges} keepers`,
    RotatingAccessKey: `${noChanges} generation`,
    Bucket: `${noChanges} replacementTrigger`,
  },
  replaceWith: undefined,
  replacementTrigger: undefined,
  retainOnDelete: undefined,
  stateMigrations: undefined,
  transformations: undefined,
  transforms: undefined,
  urn: {
    User: `${noUrn} User.get`,
    Tenant: `${noUrn} User.get and AccessKey.get`,
    AccessKey: `${noUrn} AccessKey.get`,
    RotatingAccessKey: `${noUrn} AccessKey.get`,
    Bucket: `${noUrn} Bucket.get`,
  },
  version: noVersion,
} satisfies Record<OptionName, Refusal | undefined>;

/**
 * Refuses options that the engine would ignore or fail on.
 *
 * @throws pulumi.RunError
 */
export function refuseOptions(kind: Kind, name: string, opts: object): void {
  for (const [option, value] of Object.entries(opts)) {
    const refusal: Refusal | undefined = resourceOptions[option as OptionName];
    if (refusal === undefined || isEmpty(value)) continue;
    const why = typeof refusal === "string" ? refusal : refusal[kind];
    if (option === "replaceOnChanges" && isUpdate()) warnOf(kind, name, option, why);
    else refuse(kind, name, option, why);
  }
}

/** @throws pulumi.RunError that names the option */
export function refuse(kind: Kind, name: string, option: string, why: string): never {
  throw new pulumi.RunError(messageOf(kind, name, option, why));
}

function messageOf(kind: Kind, name: string, option: string, why: string): string {
  return `${kind} ${name}: option ${option} is not supported: ${why}`;
}

// The preview refuses the option. An update without one goes on: the option changes nothing in it.
function isUpdate(): boolean {
  return !pulumi.runtime.isDryRun() && currentRun() !== undefined;
}

function warnOf(kind: Kind, name: string, option: string, why: string): void {
  void pulumi.log.warn(messageOf(kind, name, option, why));
}

/**
 * Refuses to read a resource by its URN, which the SDK does without a registration.
 *
 * @throws pulumi.RunError
 */
export function refuseUrn(kind: Kind, name: string, { urn }: pulumi.ResourceOptions): void {
  refuseOptions(kind, name, { urn });
}

/** Whether an option has no effect: a transform gets all options, those that are not set as empty values. */
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

/** Has the options of a type checked as they are registered, and then what else is to be done with them. */
export function checkRegistrations(
  type: keyof typeof kinds,
  more: (registration: Registration) => pulumi.Inputs = ({ props }) => props,
): void {
  onRegistration(type, (registration) => {
    const { name, opts } = registration;
    refuseOptions(kinds[type], name, opts);
    requireOurs(`${kinds[type]} ${name}`, type, opts);
    return more(registration);
  });
}

onTransform((type, name, opts: pulumi.CustomResourceOptions) => {
  const kind = kinds[type as keyof typeof kinds];
  refuseOptions(kind, name, opts);
  if (kind !== "User" || opts.deleteBeforeReplace !== false) return;
  const why = "the address is taken until the old user is deleted; remove it";
  refuse(kind, name, "deleteBeforeReplace: false", why);
});
