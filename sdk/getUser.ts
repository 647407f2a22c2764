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
 * @throws pulumi.RunError if there is no such user
 *
 * @example
 * const warehouse = ostor.getUser({ emailAddress: "warehouse@storage.example" });
 * export const warehouseKeyIds = warehouse.then(({ accessKeyIds }) => accessKeyIds);
 */
export function getUser(args: GetUserArgs, opts: LookupOptions = {}): Promise<UserResult> {
  return lookup(oneUser, args, opts);
}

/**
 * Like `getUser`; unknown in a preview while a resource behind the arguments does not exist yet.
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
 * Lists all users, without secrets. Options are the first argument, or the second after `{}`.
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
 * Like `getUsers`; give in `dependsOn` the users of this program that the list must contain.
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
  argumentNames: ["emailAddress", "userId"],
  read: (lookups, query) => lookups.getUser(query),
};

const allUsers: Lookup<object, GetUsersResult> = {
  name: "getUsers",
  argumentNames: [],
  read: (lookups) => lookups.getUsers(),
};
