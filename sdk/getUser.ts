import type * as pulumi from "@pulumi/pulumi";
import type { UserQuery as GetUserArgs, UserResult } from "pulumi-ostor/provider";
import { lookup, lookupOutput, type LookupOptions, type LookupOutputOptions } from "./lookup";

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
  return lookup("getUser", args, opts, (lookups, query) => lookups.getUser(query));
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
  return lookupOutput<GetUserArgs, UserResult>("getUser", args, opts, (lookups, query) =>
    lookups.getUser(query),
  );
}

/**
 * Lists all users, without secrets.
 *
 * @example
 * export const suspended = ostor
 *   .getUsers()
 *   .then(({ users }) => users.filter(({ state }) => state === "disabled"));
 */
export function getUsers(opts: LookupOptions = {}): Promise<GetUsersResult> {
  return lookup("getUsers", {}, opts, (lookups) => lookups.getUsers());
}

/**
 * As `getUsers`; name in `dependsOn` the users of this program that the list is to hold.
 *
 * @example
 * const all = ostor.getUsersOutput({ dependsOn: tenant });
 * export const addresses = all.users.apply((users) => users.map(({ emailAddress }) => emailAddress));
 */
export function getUsersOutput(opts: LookupOutputOptions = {}): pulumi.Output<GetUsersResult> {
  return lookupOutput("getUsers", {}, opts, (lookups) => lookups.getUsers());
}
