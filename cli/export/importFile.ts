import { importedKey, importedUser, type Imported } from "../../provider/resources/imported";
import { typeOf, type ResourceName } from "../resourceTypes";
import type { Export, NamedTenant } from "./named";

/** Resources by the names of the provider. */
const kinds = { user: "User", accessKey: "AccessKey", bucket: "Bucket" } as const;

/**
 * The state of all dynamic resources for `pulumi import --file`. It contains secrets in plain text, marked so that the
 * engine encrypts them.
 */
export function importFile(exported: Export): string {
  return fileOf(exported, exported.tenants.flatMap(resourcesOf));
}

/** The ids of all resources of the plugin for `pulumi import --file`: the engine reads the rest from the plugin. */
export function pluginImportFile(exported: Export): string {
  return fileOf(exported, exported.tenants.flatMap(idsOf));
}

function fileOf({ leftOut }: Export, resources: object[]): string {
  const lines = resources.map((resource) => `    ${JSON.stringify(resource)}`);
  return `{\n  "resources": [\n${lines.join(",\n")}\n  ],\n  "leftOut": ${JSON.stringify(leftOut)}\n}\n`;
}

function idsOf({ name, emailAddress, keys, buckets }: NamedTenant) {
  const one = (resourceName: ResourceName, itsName: string, id: string) => ({
    type: typeOf(resourceName, "plugin"),
    name: itsName,
    id,
  });
  return [
    one("User", name, emailAddress),
    ...keys.map((key) => one("AccessKey", key.name, key.accessKeyId)),
    ...buckets.map((bucket) => one("Bucket", bucket.name, bucket.name)),
  ];
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
    type: typeOf(kinds[kind], "dynamic"),
    name,
    id,
    inputs: { ...inputs, __provider },
    outputs: { ...outputs, __provider },
  };
}
