import type { Message } from "./message";

export const optionNotSupported = (resource: string, option: string, reason: string): Message => ({
  code: "unsupported-option",
  text: `${resource}: option ${option} is not supported: ${reason}`,
});

const noImport = "a dynamic provider cannot import";
const adoptUser = `${noImport}; set adopt: "<user id>" in the arguments, which npx pulumi-ostor export writes, or read the user with User.get`;
const adoptKey = `${noImport}; set adopt: "<access key id>" in the arguments`;
const noUrn = "this package cannot read a resource by its URN; use";
const noChanges = "the engine does not learn which property of a dynamic provider changed; use";

/** Why an option of a resource is not supported, and what to use instead. */
export const optionReasons = {
  timeouts: "the engine does not enforce timeouts of a dynamic provider; set ostor:deadlineSeconds",
  envVars: "it belongs to a provider resource; remove it",
  version:
    "the provider is part of the npm package; install the version of pulumi-ostor that you want",
  import: {
    User: adoptUser,
    Tenant: adoptUser,
    AccessKey: `${adoptKey}, or read the key with AccessKey.get`,
    RotatingAccessKey: adoptKey,
    Bucket: `${noImport}; remove the option: a Bucket only tracks a bucket that exists`,
  },
  replaceOnChanges: {
    User: `${noChanges} replacementTrigger`,
    Tenant: `${noChanges} keepers of a key`,
    AccessKey: `${noChanges} keepers`,
    RotatingAccessKey: `${noChanges} generation`,
    Bucket: `${noChanges} replacementTrigger`,
  },
  urn: {
    User: `${noUrn} User.get`,
    Tenant: `${noUrn} User.get and AccessKey.get`,
    AccessKey: `${noUrn} AccessKey.get`,
    RotatingAccessKey: `${noUrn} AccessKey.get`,
    Bucket: `${noUrn} Bucket.get`,
  },
  deletedWith: "a key is deleted with its user; remove it",
  deleteBeforeReplace: "the address is in use until the old user is deleted; remove it",
};

const oneChild =
  "it does not say whether the user or a key is meant; give it to one of them with transformations";

const notOfTenant = "a Tenant is a component; give it to its user or a key with transformations";

/** The same for the plugin, which imports resources and reports each property that changed. */
export const pluginReasons = {
  customTimeouts: "the plugin has limits of its own; set ostor:deadlineSeconds",
  import: { Tenant: notOfTenant },
  replaceOnChanges: { Tenant: notOfTenant },
} as const;

/** Why an option of a Tenant is not supported. */
export const tenantReasons = {
  oneChild,
  deletesUser: `it would delete the user; ${oneChild}`,
  read: "a Tenant cannot be read; use User.get and AccessKey.get",
  unknownOption: "this release does not know it",
  unknownProperty: (known: readonly string[]) =>
    `neither its user nor its keys have that property; they have ${known.join(", ")}`,
};
