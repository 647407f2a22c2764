/**
 * What a stack stores of the provider, by resource. The dynamic host loads these texts from stacks of any age, so they never
 * change. They contain no code, no setting and no secret.
 */
export const providerTexts = {
  user: 'exports.handler = () => require("pulumi-ostor/provider").user',
  accessKey: 'exports.handler = () => require("pulumi-ostor/provider").accessKey',
  bucket: 'exports.handler = () => require("pulumi-ostor/provider").bucket',
  rotation: 'exports.handler = () => require("pulumi-ostor/provider").rotation',
} as const;

/** Properties that a program may omit. The SDK creates outputs only for the names that it gets. */
export function unset(names: string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Type tokens, given explicitly so that a native plugin can alias them later. */
export const typeTokens = {
  user: "pulumi-nodejs:dynamic/ostor:User",
  accessKey: "pulumi-nodejs:dynamic/ostor:AccessKey",
  bucket: "pulumi-nodejs:dynamic/ostor:Bucket",
  rotation: "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
} as const;

/** The type of the component. */
export const tenantType = "ostor:index:Tenant";

/** The type of every explicit provider of dynamic resources, also of other packages. */
export const providerType = "pulumi:providers:pulumi-nodejs";

/**
 * Whether a value has a type token. Policies pass plain objects, and programs resources of another copy of this package, so
 * `instanceof` is not enough.
 */
export function hasType(value: unknown, type: string): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, "__pulumiType") === type;
}
