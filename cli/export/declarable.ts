import type { ApiBucket, ApiUser } from "../../provider/api/schemas";
import { maxKeys } from "../../provider/cluster/keys";
import type { Checked } from "../../provider/resources/lifecycle";
import { lifecycles } from "../../provider/resources/lifecycles";

/** A key pair that can be adopted. */
export interface TenantKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A user with all of it that can be adopted. */
export interface Tenant extends Omit<ApiUser, "accessKeys"> {
  keys: TenantKey[];
  buckets: ApiBucket[];
}

/** Something on the cluster that can't be declared, and what can be done about it. */
export interface LeftOut {
  what: string;
  why: string;
}

/**
 * Tells what of users and buckets a program can declare, by address, and what it can't.
 *
 * @param leftOut - what was left out before; added to and sorted
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
    const problem = refusal(lifecycles.user.check(declaredUser(user)));
    if (problem === undefined) {
      tenants.push(tenantOf(user, bucketsOf.get(user.userId) ?? [], leftOut));
    } else leftOut.push(unfit(nameOf(user), problem));
  }
  tenants.sort((a, b) => inOrder(folded(a.emailAddress), folded(b.emailAddress)));
  leftOut.sort((a, b) => inOrder(a.what, b.what));
  return { tenants, leftOut };
}

/** What can be declared of a user; what can't is added to `leftOut`. */
function tenantOf(
  { accessKeys, ...user }: ApiUser,
  owned: ApiBucket[],
  leftOut: LeftOut[],
): Tenant {
  const keys: TenantKey[] = [];
  if (accessKeys.length > maxKeys) leftOut.push(tooMany(user, accessKeys));
  for (const { accessKeyId, secretAccessKey } of accessKeys.length > maxKeys ? [] : accessKeys) {
    const what = `key ${accessKeyId} of user ${user.emailAddress}`;
    const declared = { user: user.emailAddress, userId: user.userId, adopt: accessKeyId };
    const problem = refusal(lifecycles.accessKey.check(declared));
    if (problem !== undefined) leftOut.push(unfit(what, problem));
    else if (secretAccessKey === undefined) leftOut.push({ what, why: withoutSecret });
    else keys.push({ accessKeyId, secretAccessKey });
  }
  const buckets: ApiBucket[] = [];
  for (const bucket of owned) {
    const problem = refusal(lifecycles.bucket.check({ name: bucket.name, owner: bucket.ownerId }));
    if (problem === undefined) buckets.push(bucket);
    else leftOut.push(unfit(`bucket ${bucket.name} of user ${user.emailAddress}`, problem));
  }
  keys.sort((a, b) => inOrder(a.accessKeyId, b.accessKeyId));
  buckets.sort((a, b) => inOrder(a.name, b.name));
  return { ...user, keys, buckets };
}

const withoutSecret =
  "the service doesn't tell its secret, without which an AccessKey can't be adopted; it goes on working outside the stack; to have a key in the stack, declare an AccessKey without adopt where a slot is free";

function declaredUser({ emailAddress, state, userId }: ApiUser) {
  return { emailAddress, state, adopt: userId };
}

function refusal({ failures }: Checked): string | undefined {
  return failures[0]?.reason;
}

function unfit(what: string, problem: string): LeftOut {
  return { what, why: `a program can't declare it: ${problem}; it stays outside the stack` };
}

function tooMany(user: Pick<ApiUser, "emailAddress">, pairs: ApiUser["accessKeys"]): LeftOut {
  const ids = pairs.map(({ accessKeyId }) => accessKeyId).join(", ");
  return {
    what: `keys ${ids} of user ${user.emailAddress}`,
    why: `a user can have ${maxKeys} AccessKeys; revoke what isn't used, and export again`,
  };
}

/** A user as messages call it. */
export function nameOf({ emailAddress, userId }: ApiUser): string {
  return `user ${emailAddress} (${userId})`;
}

/** An address as it is compared. */
export function folded(emailAddress: string): string {
  return emailAddress.toLowerCase();
}

/** The same in every language, as sorting by a locale isn't. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
