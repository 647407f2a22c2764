import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";
import { readTenants, type Tenant } from "./tenants";

function declare({ name, rotation, ...args }: Tenant): ostor.Tenant<string> {
  const schedule = rotation === undefined ? {} : { rotation: { every: rotation } };
  // A line that went missing must not delete a customer. For one who leaves: `pulumi state unprotect`.
  return new ostor.Tenant(name, { ...args, ...schedule }, { protect: true });
}

/** What to hand to a tenant: its keys by name, or the current one of those that rotate. */
function keysOf({
  keys,
  rotating,
}: ostor.Tenant<string>): Record<string, pulumi.Output<ostor.KeyPair>> {
  const named = Object.entries(keys).map(
    ([name, { accessKeyId, secretAccessKey }]) =>
      [name, pulumi.output({ accessKeyId, secretAccessKey })] as const,
  );
  const pairs: Record<string, pulumi.Output<ostor.KeyPair>> = Object.fromEntries(named);
  return rotating ? { ...pairs, current: rotating.current } : pairs;
}

const file = new pulumi.Config().get("file") ?? "tenants.csv";
const rows = readTenants(join(__dirname, file));
const tenants = rows.map((row) => [row.name, declare(row)] as const);

export const userIds = Object.fromEntries(tenants.map(([name, { userId }]) => [name, userId]));
export const keys = Object.fromEntries(tenants.map(([name, tenant]) => [name, keysOf(tenant)]));
