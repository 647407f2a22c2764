import { importedKey, importedUser, type Imported } from "../../provider/resources/imported";
import type { Export, NamedTenant } from "./named";

/** Types of resources by the provider's names. Stacks contain them, so they never change. */
const kinds = { user: "User", accessKey: "AccessKey", bucket: "Bucket" } as const;

/**
 * The state of all resources for `pulumi import --file`. It contains secrets in plain text, marked so that the engine
 * encrypts them.
 */
export function importFile({ tenants, leftOut }: Export): string {
  const lines = tenants.flatMap(resourcesOf).map((resource) => `    ${JSON.stringify(resource)}`);
  return `{\n  "resources": [\n${lines.join(",\n")}\n  ],\n  "leftOut": ${JSON.stringify(leftOut)}\n}\n`;
}

function resourcesOf(tenant: NamedTenant) {
  return [userOf(tenant), ...keysOf(tenant), ...bucketsOf(tenant)];
}

function userOf({ name, keys: accessKeys, ...user }: NamedTenant) {
  return resource("user", name, user.emailAddress, importedUser({ ...user, accessKeys }));
}

function keysOf({ emailAddress, userId, keys }: NamedTenant) {
  return keys.map(({ name, ...key }) =>
    resource("accessKey", name, key.accessKeyId, importedKey({ emailAddress, userId, ...key })),
  );
}

function bucketsOf({ userId, buckets }: NamedTenant) {
  return buckets.map(({ name, ownerId, creationDate }) => {
    const inputs = { name, owner: userId };
    return resource("bucket", name, name, {
      inputs,
      outputs: { ...inputs, ownerId, creationDate },
    });
  });
}

function resource(
  kind: keyof typeof kinds,
  name: string,
  id: string,
  { inputs, outputs }: Imported,
) {
  // The engine cannot get it from a dynamic provider.
  const __provider = `exports.handler = () => require("pulumi-ostor/provider").${kind}`;
  return {
    type: `pulumi-nodejs:dynamic/ostor:${kinds[kind]}`,
    name,
    id,
    inputs: { ...inputs, __provider },
    outputs: { ...outputs, __provider },
  };
}
