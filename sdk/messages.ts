import { failure, type Message } from "./message";

/** A user has at most this many access keys. */
const keyLimit = "a user can have two access keys";

export const declaredTwice = (resource: string, first: string, what: string) =>
  failure(
    "declared-twice",
    `${resource}: ${first} of this program declares ${what} already; remove one of the two`,
  );

export const aliasInUse = (resource: string, declared: string) =>
  failure(
    "alias-in-use",
    `${resource} has an alias for ${declared}, which the program still declares; remove ${declared} from the program, or the alias (movedFrom, aliases)`,
  );

export const threeKeys = (key: string, names: readonly string[]) =>
  failure(
    "too-many-keys",
    `AccessKey ${key}: ${keyLimit}, and three are declared for one user (${names.join(", ")}); remove one`,
  );

export const keysBesideRotation = (name: string, names: readonly string[]) =>
  failure(
    "too-many-keys",
    `${name}: ${keyLimit}, and a RotatingAccessKey takes both, but more are declared for one user (${names.join(", ")}); remove one`,
  );

export const tenantKeys = (tenant: string, keys: readonly string[]) =>
  failure(
    "too-many-keys",
    `Tenant ${tenant}: ${keyLimit}, and ${keys.length} are declared (${keys.join(", ")}); remove all but two`,
  );

export const tenantKeysAndRotation = (tenant: string) =>
  failure(
    "too-many-keys",
    `Tenant ${tenant}: ${keyLimit}, and a rotation takes both; give either keys or rotation`,
  );

export const tenantKeyTwice = (tenant: string, key: string) =>
  failure(
    "invalid-key-name",
    `Tenant ${tenant}: key ${key} is declared twice; give each key its own name`,
  );

export const tenantKeyUnnamed = (tenant: string) =>
  failure("invalid-key-name", `Tenant ${tenant}: a key has no name`);

export const ownKeyTakesSlot = (rotation: string, emailAddress: string) =>
  failure(
    "slots-taken",
    `RotatingAccessKey ${rotation}: user ${emailAddress} has a key of its own, and a rotation takes both slots; set createAccessKey: false, which revokes that key`,
  );

export const foreignProvider = (subject: string) =>
  failure(
    "foreign-provider",
    `${subject}: the provider given to it is not an ostor.Provider; create one with new ostor.Provider(…)`,
  );

export const pluginTooLate = () =>
  failure(
    "plugin-too-late",
    "usePlugin: this program has declared a resource, a provider or a data source of the dynamic provider already; call usePlugin before the first one",
  );

/** A provider, as messages name it. */
interface NamedProvider {
  name: string;
  endpoint: string;
}

export const differentClusters = (
  resource: string,
  own: NamedProvider,
  user: string,
  other: NamedProvider,
) =>
  failure(
    "different-clusters",
    `${resource}: its provider is ${own.name} (${own.endpoint}), and user ${user} has ${other.name} (${other.endpoint}); give both the same provider`,
  );

export const noPackageInProject = (resource: string, folder: string, manifest: string) =>
  failure(
    "package-not-found",
    `${resource}: the provider's process loads pulumi-ostor/provider from the project's folder, ${folder}, and does not find it there; ${addPackage(manifest)}`,
  );

export const noPackageInWorkDir = (
  resource: string,
  folder: string,
  manifest: string,
): Message => ({
  code: "package-not-found",
  text: `${resource}: the provider's process of an inline program loads pulumi-ostor/provider from the working directory, ${folder}, or from workDir if that is given, and does not find it in the first; start the program in a folder that has it, or ${addPackage(manifest)}`,
});

const addPackage = (manifest: string) =>
  `add "pulumi-ostor" to the dependencies of ${manifest} and install (docs/layouts.md)`;

/** @param described - one text for each setting, as the provider writes it */
export const misspeltKeys = (described: readonly string[], keys: readonly string[]) =>
  failure(
    "unknown-setting",
    `${described.join("; ")} To remove: ${keys.map((key) => `pulumi config rm ${key}`).join(" && ")}`,
  );

export const unknownSetting = (described: string): Message => ({
  code: "unknown-setting",
  text: described,
});

export const unknownArguments = (provider: string, described: readonly string[]) =>
  failure("unknown-setting", `Provider ${provider}: ${described.join("; ")}`);

/** @param settings - names as in configuration: `ostor:endpoint` */
export const settingsNotInStack = (caller: string, settings: readonly string[]) =>
  failure(
    "settings-not-in-stack",
    `${caller}: ${settings.join(", ")} ${settings.length > 1 ? "are" : "is"} not in the stack's configuration, and an inline program cannot read the engine's environment (envVars of the workspace); set it with stack.setConfig or pulumi config set, or give ${caller} an ostor.Provider`,
  );

export const settingsNotKnown = (caller: string) =>
  failure(
    "settings-unknown",
    `${caller}: the provider's settings are not known in this preview; use ${caller}Output`,
  );

/** A data source failed; the settings of an inline program may be the cause. */
export const lookupFailed = ({ code, text }: Message, isInline: boolean) =>
  failure(
    code,
    isInline
      ? `${text}; an inline program reads settings from the stack's configuration only, not from envVars of the workspace`
      : text,
  );

export const notString = (caller: string, argument: string) =>
  failure("wrong-arguments", `${caller}: ${argument} is not a string; use ${caller}Output`);

export const givenTwice = (caller: string, argument: string) =>
  failure("wrong-arguments", `${caller}: ${argument} is given twice; remove one`);

export const doesNotWait = (caller: string) =>
  failure("wrong-arguments", `${caller}: it does not wait for dependsOn; use ${caller}Output`);

export const argumentUnknown = (caller: string, argument: string, known: readonly string[]) =>
  argumentNotSupported(
    caller,
    argument,
    `there is no such argument or option; there are ${known.join(", ")}`,
  );

export const argumentNotSupported = (caller: string, argument: string, reason: string) =>
  failure("wrong-arguments", `${caller}: ${argument} is not supported: ${reason}`);

/** Why the `get…` functions do not support an option. */
export const argumentReasons: Readonly<Record<string, string>> = {
  version: "the function is part of the npm package; remove it",
  pluginDownloadURL: "the function is part of the npm package; remove it",
  async: "the functions without Output return promises; remove it",
};
