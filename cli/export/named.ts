import type { LeftOut, Tenant, TenantKey } from "./declarable";
import { uniqueNames, variablesOf, wordOf } from "./names";

/** A tenant with the names of its resources. The resource of a bucket has the bucket's name. */
export interface NamedTenant extends Tenant {
  name: string;
  /** Its variable in a program. */
  variable: string;
  keys: (TenantKey & { name: string })[];
}

/** The contents of an export in any format. */
export interface Export {
  endpoint: string;
  tenants: NamedTenant[];
  leftOut: LeftOut[];
}

/**
 * Names all resources by addresses and ids only, so that the same cluster has the same names in each format.
 *
 * @throws CodedError if names would be equal
 */
export function withNames(tenants: Tenant[]): NamedTenant[] {
  const wanted = tenants.map(({ emailAddress, userId }) => ({
    wanted: wordOf(emailAddress),
    id: wordOf(userId),
  }));
  const names = uniqueNames(wanted);
  const variables = variablesOf(
    tenants.map(({ userId }, index) => ({ wanted: names[index] ?? "", id: wordOf(userId) })),
  );
  const keyNames = uniqueNames(
    tenants.flatMap((tenant, index) => keysOf(tenant, names[index] ?? "")),
  );
  let used = 0;
  return tenants.map((tenant, index) => ({
    ...tenant,
    name: names[index] ?? "",
    variable: variables[index] ?? "",
    keys: tenant.keys.map((key) => ({ ...key, name: keyNames[used++] ?? "" })),
  }));
}

/** A key's id starts with its user's id; the rest distinguishes the keys of a user. */
function keysOf({ userId, keys }: Tenant, name: string) {
  return keys.map(({ accessKeyId: id }) => {
    const rest = id.startsWith(userId) ? id.slice(userId.length) : id;
    return { wanted: `${name}-${wordOf(rest)}`, id: wordOf(id) };
  });
}
