import type { LeftOut, Tenant, TenantKey } from "./declarable";
import { uniqueNames, variablesOf, wordOf } from "./names";

/** A tenant with the names that its resources get; a bucket's is the bucket's own. */
export interface NamedTenant extends Tenant {
  name: string;
  /** What a program calls it. */
  variable: string;
  keys: (TenantKey & { name: string })[];
}

/** What is written, whatever the format. */
export interface Export {
  endpoint: string;
  tenants: NamedTenant[];
  leftOut: LeftOut[];
}

/**
 * Gives everything its name, made from addresses and ids alone: the same cluster gives the same names in each format.
 *
 * @throws PlainError when names can't be told apart
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

/** The id of a pair begins with its user's: the rest tells it from the other one. */
function keysOf({ userId, keys }: Tenant, name: string) {
  return keys.map(({ accessKeyId: id }) => {
    const rest = id.startsWith(userId) ? id.slice(userId.length) : id;
    return { wanted: `${name}-${wordOf(rest)}`, id: wordOf(id) };
  });
}
