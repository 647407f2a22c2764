// @ts-check
const pulumi = require("@pulumi/pulumi");
const ostor = require("pulumi-ostor");
const { tenantsOf } = require("./tenants");

// All stacks use this program. The file of the stack lists its tenants.
for (const emailAddress of tenantsOf(pulumi.getStack())) {
  // If a line is lost, the customer must not be deleted, and its key must stay in the stack.
  const tenant = new ostor.User(emailAddress, { emailAddress }, { protect: true });
  new ostor.AccessKey(emailAddress, { user: tenant }, { protect: true });
}
