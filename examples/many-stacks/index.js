// @ts-check
const pulumi = require("@pulumi/pulumi");
const ostor = require("pulumi-ostor");
const { tenantsOf } = require("./tenants");

// The same program for each stack: its file names the tenants.
for (const emailAddress of tenantsOf(pulumi.getStack())) {
  // A line that went missing must not delete a customer, nor take its key out of the stack.
  const tenant = new ostor.User(emailAddress, { emailAddress }, { protect: true });
  new ostor.AccessKey(emailAddress, { user: tenant }, { protect: true });
}
