import * as pulumi from "@pulumi/pulumi";
import { refusal, warn } from "./message";
import { optionNotSupported, optionReasons, pluginReasons } from "./optionMessages";
import { currentRun, onRegistration, onTransform, type Registration } from "./registration";
import { requireOurProvider } from "./provider";
import { isPluginUsed, pluginOptions, type Kind } from "./frontDoor";

/** Every option of Pulumi's resources. A release that adds one fails the type check, and a test. */
export type OptionName =
  | keyof pulumi.CustomResourceOptions
  | keyof pulumi.ComponentResourceOptions
  // Added after the release that is installed here.
  | "stateMigrations";

/** The classes whose options are checked. */
type Class = Kind | "Tenant";

type Reason = Partial<Record<Class, string>> | string;

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

/** Where the plugin differs. */
const optionsOfPlugin = pluginReasons satisfies Partial<Record<OptionName, Reason>>;

/**
 * Refuses options that the engine would ignore or reject.
 *
 * @throws pulumi.RunError
 */
export function refuseOptions(kind: Class, name: string, opts: object): void {
  for (const [option, value] of Object.entries(opts)) {
    const reason = reasonAgainst(kind, option as OptionName, value);
    if (reason === undefined || isEmpty(value)) continue;
    if (option === "replaceOnChanges" && isUpdate()) {
      warn(optionNotSupported(`${kind} ${name}`, option, reason));
    } else refuse(kind, name, option, reason);
  }
}

function reasonAgainst(kind: Class, option: OptionName, value: unknown): string | undefined {
  const isOwn = value === pluginOptions()[option as keyof pulumi.ResourceOptions];
  if (isOwn) return undefined;
  const known: Record<string, Reason | undefined> = isPluginUsed()
    ? { ...resourceOptions, ...optionsOfPlugin }
    : resourceOptions;
  const reason = known[option];
  return typeof reason === "object" ? reason[kind] : reason;
}

/** @throws pulumi.RunError that names the option */
export function refuse(kind: Class, name: string, option: string, reason: string): never {
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
export function refuseUrn(kind: Class, name: string, { urn }: pulumi.ResourceOptions): void {
  refuseOptions(kind, name, { urn });
}

/** Whether an option has no effect: a transform gets all options, with empty values for those that are not set. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value !== "object" || pulumi.Output.isInstance(value)) return false;
  return Object.values(value).every(isEmpty);
}

/** Checks the options of each resource of a class when it is registered. */
export function checkRegistrations(
  kind: Kind,
  rule: (registration: Registration) => pulumi.Inputs = ({ props }) => props,
): void {
  onRegistration(kind, (registration) => {
    const { name, opts } = registration;
    refuseOptions(kind, name, opts);
    requireOurProvider(kind, name, opts);
    return rule(registration);
  });
}

onTransform((kind, name, opts: pulumi.CustomResourceOptions) => {
  refuseOptions(kind, name, opts);
  if (kind !== "User" || opts.deleteBeforeReplace !== false) return;
  refuse(kind, name, "deleteBeforeReplace: false", optionReasons.deleteBeforeReplace);
});
