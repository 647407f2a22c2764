import type * as pulumi from "@pulumi/pulumi";
import type { UserQuery, UserResult } from "pulumi-ostor/provider";
import { lookup, lookupOutput, type LookupOptions, type LookupOutputOptions } from "./lookup";

/** Which user: exactly one of both. */
export type GetUserArgs = UserQuery;

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
 */
export function getUser(args: GetUserArgs, opts: LookupOptions = {}): Promise<UserResult> {
  return lookup("getUser", args, opts, (lookups, query) => lookups.getUser(query));
}

/** As `getUser`; unknown in a preview while a resource behind the arguments doesn't exist yet. */
export function getUserOutput(
  args: GetUserOutputArgs,
  opts: LookupOutputOptions = {},
): pulumi.Output<UserResult> {
  return lookupOutput<UserQuery, UserResult>("getUser", args, opts, (lookups, query) =>
    lookups.getUser(query),
  );
}

/** Lists all users, without secrets. */
export function getUsers(opts: LookupOptions = {}): Promise<GetUsersResult> {
  return lookup("getUsers", {}, opts, (lookups) => lookups.getUsers());
}

/** As `getUsers`; name in `dependsOn` the users of this program that the list is to hold. */
export function getUsersOutput(opts: LookupOutputOptions = {}): pulumi.Output<GetUsersResult> {
  return lookupOutput("getUsers", {}, opts, (lookups) => lookups.getUsers());
}
