import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";
import { readTenants, type Tenant } from "./tenants";

function declare({ name, rotation, ...args }: Tenant): ostor.Tenant<string> {
  const schedule = rotation === undefined ? {} : { rotation: { every: rotation } };
  // If a line is lost, the customer must not be deleted. To delete one, run `pulumi state unprotect` first.
  return new ostor.Tenant(name, { ...args, ...schedule }, { protect: true });
}

/** The keys to give to a tenant: by name, or the current one if they rotate. */
function keysOf({
  keys,
  rotating,
}: ostor.Tenant<string>): Record<string, pulumi.Output<ostor.KeyPair>> {
  const named = Object.entries(keys).map(
    ([name, { accessKeyId, secretAccessKey }]) =>
      [name, pulumi.output({ accessKeyId, secretAccessKey })] as const,
  );
  const byName: Record<string, pulumi.Output<ostor.KeyPair>> = Object.fromEntries(named);
  return rotating ? { ...byName, current: rotating.current } : byName;
}

const file = new pulumi.Config().get("file") ?? "tenants.csv";
const rows = readTenants(join(__dirname, file));
const tenants = rows.map((row) => [row.name, declare(row)] as const);

export const userIds = Object.fromEntries(tenants.map(([name, { userId }]) => [name, userId]));
export const keys = Object.fromEntries(tenants.map(([name, tenant]) => [name, keysOf(tenant)]));
