// @ts-check
const pulumi = require("@pulumi/pulumi");
const ostor = require("pulumi-ostor");
const { tenantsOf } = require("./tenants");

// The same program for each stack: its file names the tenants.
for (const emailAddress of tenantsOf(pulumi.getStack())) {
  const tenant = new ostor.User(emailAddress, { emailAddress });
  new ostor.AccessKey(emailAddress, { user: tenant });
}
