import { join } from "node:path";

/** How long the text is that a stack stores of our provider, with a slot for the floor's module. */
const ourText = 'exports.handler = () => require("pulumi-ostor/provider").accessKey';

/** A program of tenants, one User and one AccessKey each. */
export function ourProgram(tenants: number): string {
  return `
for (let i = 0; i < ${tenants}; i += 1) {
  const tenant = new ostor.User("t" + i, { emailAddress: "tenant-" + i + "@acme.example" });
  new ostor.AccessKey("k" + i, { user: tenant });
}`;
}

/** As many resources with as much in state, of a provider that does nothing. */
export function floorProgram(tenants: number): string {
  // The module is found through a link of one letter, so that the text has the length of ours.
  const text = 'exports.handler = () => require("f").floor'.padEnd(ourText.length);
  return `
const __provider = ${JSON.stringify(text)};
class Floor extends pulumi.CustomResource {
  constructor(type, name, inputs, opts) {
    super("pulumi-nodejs:dynamic/floor:" + type, name, { ...inputs, __provider }, opts);
  }
}
for (let i = 0; i < ${tenants}; i += 1) {
  const name = "tenant-" + i + "@acme.example";
  const tenant = new Floor("User", "t" + i, {
    name, state: "enabled", createAccessKey: false, deleteEmptyBuckets: false,
    userId: "0123456789abcdef", ownerId: "0000000000000000", flags: [],
  });
  new Floor("AccessKey", "k" + i, {
    name: "0123456789abcdef" + i, user: tenant.name, userId: tenant.userId,
    secretAccessKey: pulumi.secret("0123456789012345678901234567890123456789"),
  }, { deletedWith: tenant });
}`;
}

/** Where the floor's provider is, to be linked as the module `f`. */
export const floorModule = join(__dirname, "floor.js");
