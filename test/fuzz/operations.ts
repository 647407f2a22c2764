import assert from "node:assert/strict";
import type { Client } from "../../provider/api/client";
import {
  apiBuckets,
  apiUser,
  apiUsers,
  type ApiBucket,
  type ApiUser,
} from "../../provider/api/schemas";

/** One operation of the client, the answer that is right, and what has to come of it. */
export interface Operation {
  name: string;
  ask: (client: Client) => Promise<unknown>;
  body: string;
  /** Fails when what came isn't of the operation's kind. */
  check: (value: unknown) => void;
  expected: unknown;
}

const emailAddress = "ops@acme.example";
const userId = "00d3fbc0d5e0a5a1";
const pair = { AWSAccessKeyId: `${userId}ABCD`, AWSSecretAccessKey: "pair-secret" };
const wire = {
  ...{ UserEmail: emailAddress, UserId: userId, State: "enabled", OwnerId: "0000000000000000" },
  ...{ Flags: ["none"], AWSAccessKeys: [pair] },
};
const wireBuckets = {
  Buckets: [
    {
      ...{ name: "b1", epoch: 1, creation_date: "2024-01-01T00:00:00.000Z", owner_id: userId },
      size: { current: 5, hmax: 9, h_integral: 7, last_ts: 1 },
    },
  ],
};
const owner = { accessKeyId: "AK", secretAccessKey: "owner-secret" };
const list = (name: string, inner = "") =>
  `<?xml version="1.0"?><${name}><Name>b1</Name>${inner}</${name}>`;

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0;
}

function checkUser(value: unknown): void {
  assert(typeof value === "object" && value !== null);
  const told = value as ApiUser;
  assert(isText(told.emailAddress) && isText(told.userId));
  assert(["enabled", "disabled", undefined].includes(told.state));
  assert(told.flags.every((flag) => typeof flag === "string"));
  for (const { accessKeyId, secretAccessKey } of told.accessKeys) {
    assert(isText(accessKeyId) && (secretAccessKey === undefined || isText(secretAccessKey)));
  }
}

function checkUsers(value: unknown): void {
  assert(Array.isArray(value));
  value.forEach(checkUser);
}

function checkBuckets(value: unknown): void {
  for (const bucket of value as ApiBucket[]) {
    assert(isText(bucket.name) && isText(bucket.ownerId));
    assert(Number.isFinite(bucket.currentBytes) && Number.isFinite(bucket.hIntegralByteHours));
  }
}

function oneOf(...values: unknown[]): (value: unknown) => void {
  return (value) => {
    assert(values.includes(value), String(value));
  };
}

/** Whatever a server tells, it is told of this user or of none. */
function checkThisUser(value: unknown): void {
  checkUser(value);
  assert.equal((value as ApiUser).emailAddress.toLowerCase(), emailAddress);
}

const user = { body: JSON.stringify(wire), check: checkThisUser, expected: apiUser.parse(wire) };
const nothing = { body: "", check: oneOf(undefined), expected: undefined };

/** All operations of the client. */
export const operations: Operation[] = [
  ...[[wire], { Users: [wire] }].map((shape) => ({
    ...{ name: "listUsers", ask: (client: Client) => client.listUsers() },
    ...{ body: JSON.stringify(shape), check: checkUsers, expected: apiUsers.parse(shape) },
  })),
  { ...user, name: "getUser", ask: (client) => client.getUser(emailAddress), check: userOrNone },
  { ...user, name: "getUserById", ask: (client) => client.getUserById(userId), check: idOrNone },
  { ...user, name: "createUser", ask: (client) => client.createUser(emailAddress) },
  { ...user, name: "generateKey", ask: (client) => client.generateKey(emailAddress) },
  { ...nothing, name: "enableUser", ask: (client) => client.enableUser(emailAddress) },
  { ...nothing, name: "disableUser", ask: (client) => client.disableUser(emailAddress) },
  { ...nothing, name: "revokeKey", ask: (client) => client.revokeKey(emailAddress, "AK") },
  {
    ...{ name: "deleteUser", ask: (client) => client.deleteUser(userId, emailAddress), body: "" },
    ...{ check: oneOf(true, false), expected: true },
  },
  {
    ...{ name: "listBuckets", ask: (client) => client.listBuckets() },
    ...{ body: JSON.stringify(wireBuckets), check: checkBuckets },
    expected: apiBuckets.parse(wireBuckets),
  },
  {
    ...{ name: "isBucketEmpty", ask: (client) => client.isBucketEmpty("b1", owner) },
    body: list("ListBucketResult", "<Contents><Key>k</Key></Contents>"),
    ...{ check: oneOf(true, false), expected: false },
  },
  { ...nothing, name: "deleteBucket", ask: (client) => client.deleteBucket("b1", owner) },
];

function userOrNone(value: unknown): void {
  if (value !== undefined) checkThisUser(value);
}

function idOrNone(value: unknown): void {
  if (value === undefined) return;
  checkUser(value);
  assert.equal((value as ApiUser).userId.toLowerCase(), userId);
}
