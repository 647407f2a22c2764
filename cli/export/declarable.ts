import type { ApiBucket, ApiUser } from "../../provider/api/schemas";
import { maxKeys } from "../../provider/cluster/keys";
import { problemWith } from "../../provider/resources/imported";
import { notDeclarable, tooManyKeys, withoutSecret } from "./messages";

/** An access key that can be adopted. */
export interface TenantKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A user with the keys and buckets that can be adopted. */
export interface Tenant extends Omit<ApiUser, "accessKeys"> {
  keys: TenantKey[];
  buckets: ApiBucket[];
}

/** Something on the cluster that cannot be declared, and what to do about it. */
export interface LeftOut {
  what: string;
  why: string;
}

/**
 * Divides users and buckets into what a program can declare, sorted by address, and what it cannot.
 *
 * @param leftOut - what was left out before; extended and sorted
 */
export function declare(users: ApiUser[], buckets: ApiBucket[], leftOut: LeftOut[]) {
  const bucketsOf = new Map<string, ApiBucket[]>();
  for (const bucket of buckets) {
    const owned = bucketsOf.get(bucket.ownerId);
    if (owned) owned.push(bucket);
    else bucketsOf.set(bucket.ownerId, [bucket]);
  }
  const tenants: Tenant[] = [];
  for (const user of users) {
    const problem = problemWith("user", declaredUser(user));
    if (problem === undefined) {
      tenants.push(tenantOf(user, bucketsOf.get(user.userId) ?? [], leftOut));
    } else leftOut.push({ what: nameOf(user), why: notDeclarable(problem) });
  }
  tenants.sort((a, b) => compareTexts(folded(a.emailAddress), folded(b.emailAddress)));
  leftOut.sort((a, b) => compareTexts(a.what, b.what));
  return { tenants, leftOut };
}

/** What can be declared of a user; the rest is added to `leftOut`. */
function tenantOf(
  { accessKeys, ...user }: ApiUser,
  owned: ApiBucket[],
  leftOut: LeftOut[],
): Tenant {
  const keys: TenantKey[] = [];
  if (accessKeys.length > maxKeys) leftOut.push(allKeysOf(user, accessKeys));
  for (const { accessKeyId, secretAccessKey } of accessKeys.length > maxKeys ? [] : accessKeys) {
    const what = `key ${accessKeyId} of user ${user.emailAddress}`;
    const declared = { user: user.emailAddress, userId: user.userId, adopt: accessKeyId };
    const problem = problemWith("accessKey", declared);
    if (problem !== undefined) leftOut.push({ what, why: notDeclarable(problem) });
    else if (secretAccessKey === undefined) leftOut.push({ what, why: withoutSecret });
    else keys.push({ accessKeyId, secretAccessKey });
  }
  const buckets: ApiBucket[] = [];
  for (const bucket of owned) {
    const problem = problemWith("bucket", { name: bucket.name, owner: bucket.ownerId });
    if (problem === undefined) buckets.push(bucket);
    else
      leftOut.push({
        what: `bucket ${bucket.name} of user ${user.emailAddress}`,
        why: notDeclarable(problem),
      });
  }
  keys.sort((a, b) => compareTexts(a.accessKeyId, b.accessKeyId));
  buckets.sort((a, b) => compareTexts(a.name, b.name));
  return { ...user, keys, buckets };
}

function declaredUser({ emailAddress, state, userId }: ApiUser) {
  return { emailAddress, state, adopt: userId };
}

function allKeysOf(user: Pick<ApiUser, "emailAddress">, keys: ApiUser["accessKeys"]): LeftOut {
  const ids = keys.map(({ accessKeyId }) => accessKeyId).join(", ");
  return { what: `keys ${ids} of user ${user.emailAddress}`, why: tooManyKeys(maxKeys) };
}

/** The name of a user in messages. */
export function nameOf({ emailAddress, userId }: ApiUser): string {
  return `user ${emailAddress} (${userId})`;
}

/** An address for comparisons that ignore case. */
export function folded(emailAddress: string): string {
  return emailAddress.toLowerCase();
}

/** Compares in the same order on every machine, whatever its locale. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
