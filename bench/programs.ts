import { join } from "node:path";

/** The text of our provider that a stack stores. The text of the baseline has the same length. */
const ourText = 'exports.handler = () => require("pulumi-ostor/provider").accessKey';

/** A program of tenants with one User and one AccessKey each. */
export function ourProgram(tenants: number): string {
  return `
for (let i = 0; i < ${tenants}; i += 1) {
  const tenant = new ostor.User("t" + i, { emailAddress: "tenant-" + i + "@acme.example" });
  new ostor.AccessKey("k" + i, { user: tenant });
}`;
}

/** The same number of resources, with state of the same size, of a provider that does nothing. */
export function baselineProgram(tenants: number): string {
  // The module has a name of one letter, so that the text is not longer than ours.
  const text = 'exports.handler = () => require("f").baseline'.padEnd(ourText.length);
  return `
const __provider = ${JSON.stringify(text)};
class Baseline extends pulumi.CustomResource {
  constructor(type, name, inputs, opts) {
    super("pulumi-nodejs:dynamic/baseline:" + type, name, { ...inputs, __provider }, opts);
  }
}
for (let i = 0; i < ${tenants}; i += 1) {
  const name = "tenant-" + i + "@acme.example";
  const tenant = new Baseline("User", "t" + i, {
    name, state: "enabled", createAccessKey: false, deleteEmptyBuckets: false,
    userId: "0123456789abcdef", ownerId: "0000000000000000", flags: [],
  });
  new Baseline("AccessKey", "k" + i, {
    name: "0123456789abcdef" + i, user: tenant.name, userId: tenant.userId,
    secretAccessKey: pulumi.secret("0123456789012345678901234567890123456789"),
  }, { deletedWith: tenant });
}`;
}

/** The provider of the baseline, to link as the module `f`. */
export const baselineModule = join(__dirname, "baseline.js");
