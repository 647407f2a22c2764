/**
 * What a stack stores of the provider, by resource. It is a contract: the dynamic host loads these texts from
 * stacks made years ago, so they never change; they hold no code, no setting and no secret.
 */
export const providerTexts = {
  user: 'exports.handler = () => require("pulumi-ostor/provider").user',
  accessKey: 'exports.handler = () => require("pulumi-ostor/provider").accessKey',
  bucket: 'exports.handler = () => require("pulumi-ostor/provider").bucket',
  rotation: 'exports.handler = () => require("pulumi-ostor/provider").rotation',
} as const;

/** Outputs and inputs that a program may leave out: named, they become properties of the resource. */
export function unset(names: string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Type tokens; given explicitly, so that a later native plugin can alias them. */
export const typeTokens = {
  user: "pulumi-nodejs:dynamic/ostor:User",
  accessKey: "pulumi-nodejs:dynamic/ostor:AccessKey",
  bucket: "pulumi-nodejs:dynamic/ostor:Bucket",
  rotation: "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
} as const;

/** The type of the component. */
export const tenantType = "ostor:index:Tenant";

/** The type of every explicit provider of dynamic resources, of other packages too. */
export const providerType = "pulumi:providers:pulumi-nodejs";

/**
 * Whether a value has a type token, as the classes of generated SDKs decide it: policies ask with a plain object, and
 * a resource of another copy of this package counts too.
 */
export function hasType(value: unknown, type: string): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, "__pulumiType") === type;
}
