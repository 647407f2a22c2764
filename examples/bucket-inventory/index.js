import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";

const config = new pulumi.Config();
// pulumi config set --path 'tracked[0]' inventory
/** @type {string[]} */
const tracked = config.getObject("tracked") ?? [];

// A bucket that is deleted, re-created or has another owner is reported as drift.
const buckets = tracked.map((name) => new ostor.Bucket(name, { name }));

const cluster = pulumi.output({
  users: ostor.getUsersOutput().users,
  stored: ostor.getBucketsOutput().buckets,
});

/** Stored bytes by tenant; 0 without a bucket. */
export const bytesPerTenant = cluster.apply(({ users, stored }) =>
  Object.fromEntries(
    users.map(({ emailAddress, userId }) => [emailAddress, bytesOf(userId, stored)]),
  ),
);

/** Disabled tenants that still store data. */
export const disabledWithData = cluster.apply(({ users, stored }) =>
  users
    .filter(({ state, userId }) => state === "disabled" && bytesOf(userId, stored) > 0)
    .map(({ emailAddress }) => emailAddress),
);

export const owners = Object.fromEntries(
  buckets.map(({ ownerId }, index) => [tracked[index], ownerId]),
);

/**
 * @param {string} userId
 * @param {ostor.GetBucketResult[]} stored
 */
function bytesOf(userId, stored) {
  return stored
    .filter(({ ownerId }) => ownerId === userId)
    .reduce((sum, { currentBytes }) => sum + currentBytes, 0);
}
