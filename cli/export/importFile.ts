import { importedKey, importedUser } from "../../provider/resources/imported";
import type { Bag } from "../../provider/resources/lifecycle";
import { secretInFile } from "../../provider/resources/secret";
import type { Export, NamedTenant } from "./named";

/** Kinds of resources by the provider's names; as constant as in sdk/, which the command line doesn't load. */
const kinds = { user: "User", accessKey: "AccessKey", bucket: "Bucket" } as const;

/**
 * The state of everything for `pulumi import --file`. It holds secrets in plain, marked so that the engine encrypts them:
 * one that isn't marked would land in state, backups and history as it is.
 */
export function importFile({ tenants, leftOut }: Export): string {
  const lines = tenants.flatMap(resourcesOf).map((resource) => `    ${JSON.stringify(resource)}`);
  return `{\n  "resources": [\n${lines.join(",\n")}\n  ],\n  "leftOut": ${JSON.stringify(leftOut)}\n}\n`;
}

function resourcesOf(tenant: NamedTenant) {
  return [userOf(tenant), ...keysOf(tenant), ...bucketsOf(tenant)];
}

function userOf({ name, keys: accessKeys, ...user }: NamedTenant) {
  const { inputs, outputs } = importedUser({ ...user, accessKeys });
  return resource("user", name, user.emailAddress, inputs, outputs);
}

function keysOf({ emailAddress, userId, keys }: NamedTenant) {
  return keys.map(({ name, accessKeyId, secretAccessKey }) => {
    const { inputs, outputs } = importedKey({ emailAddress, userId, accessKeyId });
    const secret = { secretAccessKey: secretInFile(secretAccessKey) };
    return resource("accessKey", name, accessKeyId, inputs, { ...outputs, ...secret });
  });
}

function bucketsOf({ userId, buckets }: NamedTenant) {
  return buckets.map(({ name, ownerId, creationDate }) => {
    const inputs = { name, owner: userId };
    return resource("bucket", name, name, inputs, { ...inputs, ownerId, creationDate });
  });
}

function resource(kind: keyof typeof kinds, name: string, id: string, inputs: Bag, outputs: Bag) {
  // The engine can't ask a dynamic provider for it.
  const __provider = `exports.handler = () => require("pulumi-ostor/provider").${kind}`;
  return {
    type: `pulumi-nodejs:dynamic/ostor:${kinds[kind]}`,
    name,
    id,
    inputs: { ...inputs, __provider },
    outputs: { ...outputs, __provider },
  };
}
