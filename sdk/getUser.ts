import type * as pulumi from "@pulumi/pulumi";
import type { UserQuery as GetUserArgs, UserResult } from "pulumi-ostor/provider";
import { lookup, lookupOutput, type Lookup } from "./lookup";
import type { LookupOptions, LookupOutputOptions } from "./lookupOptions";

export type { GetUserArgs };

/** `GetUserArgs` that may hold outputs. */
export interface GetUserOutputArgs {
  emailAddress?: pulumi.Input<string> | undefined;
  userId?: pulumi.Input<string> | undefined;
}

/** All users. */
export interface GetUsersResult {
  users: UserResult[];
}

/**
 * Reads one user, without secrets.
 *
 * @throws pulumi.RunError when there is no such user
 *
 * @example
 * const warehouse = ostor.getUser({ emailAddress: "warehouse@storage.example" });
 * export const warehouseKeyIds = warehouse.then(({ accessKeyIds }) => accessKeyIds);
 */
export function getUser(args: GetUserArgs, opts: LookupOptions = {}): Promise<UserResult> {
  return lookup(oneUser, args, opts);
}

/**
 * As `getUser`; unknown in a preview while a resource behind the arguments doesn't exist yet.
 *
 * @example
 * const acme = ostor.getUserOutput({ emailAddress: tenant.emailAddress });
 * export const acmeFlags = acme.flags;
 */
export function getUserOutput(
  args: GetUserOutputArgs,
  opts: LookupOutputOptions = {},
): pulumi.Output<UserResult> {
  return lookupOutput(oneUser, args, opts);
}

/**
 * Lists all users, without secrets. Options may be the first argument, or the second after `{}`.
 *
 * @example
 * export const suspended = ostor
 *   .getUsers()
 *   .then(({ users }) => users.filter(({ state }) => state === "disabled"));
 */
export function getUsers(
  args: LookupOptions = {},
  opts: LookupOptions = {},
): Promise<GetUsersResult> {
  return lookup(allUsers, args, opts);
}

/**
 * As `getUsers`; name in `dependsOn` the users of this program that the list is to hold.
 *
 * @example
 * const all = ostor.getUsersOutput({ dependsOn: tenant });
 * export const addresses = all.users.apply((users) => users.map(({ emailAddress }) => emailAddress));
 */
export function getUsersOutput(
  args: LookupOutputOptions = {},
  opts: LookupOutputOptions = {},
): pulumi.Output<GetUsersResult> {
  return lookupOutput(allUsers, args, opts);
}

const oneUser: Lookup<GetUserArgs, UserResult> = {
  name: "getUser",
  takes: ["emailAddress", "userId"],
  ask: (lookups, query) => lookups.getUser(query),
};

const allUsers: Lookup<object, GetUsersResult> = {
  name: "getUsers",
  takes: [],
  ask: (lookups) => lookups.getUsers(),
};
