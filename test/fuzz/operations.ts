import assert from "node:assert/strict";
import type { Client } from "../../provider/api/client";
import {
  apiBuckets,
  apiUser,
  apiUsers,
  type ApiBucket,
  type ApiUser,
} from "../../provider/api/schemas";

/** One operation of the client, its correct response and the expected result. */
export interface Operation {
  name: string;
  call: (client: Client) => Promise<unknown>;
  body: string;
  /** Fails if the result is not valid for the operation. */
  check: (value: unknown) => void;
  expected: unknown;
}

const emailAddress = "ops@acme.example";
const userId = "00d3fbc0d5e0a5a1";
const key = { AWSAccessKeyId: `${userId}ABCD`, AWSSecretAccessKey: "key-secret" };
const wire = {
  ...{ UserEmail: emailAddress, UserId: userId, State: "enabled", OwnerId: "0000000000000000" },
  ...{ Flags: ["none"], AWSAccessKeys: [key] },
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
  const checked = value as ApiUser;
  assert(isText(checked.emailAddress) && isText(checked.userId));
  assert(["enabled", "disabled", undefined].includes(checked.state));
  assert(checked.flags.every((flag) => typeof flag === "string"));
  for (const { accessKeyId, secretAccessKey } of checked.accessKeys) {
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

/** Whatever a server returns, the result is this user. */
function checkThisUser(value: unknown): void {
  checkUser(value);
  assert.equal((value as ApiUser).emailAddress.toLowerCase(), emailAddress);
}

const user = { body: JSON.stringify(wire), check: checkThisUser, expected: apiUser.parse(wire) };
const nothing = { body: "", check: oneOf(undefined), expected: undefined };

/** All operations of the client. */
export const operations: Operation[] = [
  ...[[wire], { Users: [wire] }].map((shape) => ({
    ...{ name: "listUsers", call: (client: Client) => client.listUsers() },
    ...{ body: JSON.stringify(shape), check: checkUsers, expected: apiUsers.parse(shape) },
  })),
  { ...user, name: "getUser", call: (client) => client.getUser(emailAddress), check: userOrNone },
  { ...user, name: "getUserById", call: (client) => client.getUserById(userId), check: idOrNone },
  { ...user, name: "createUser", call: (client) => client.createUser(emailAddress) },
  { ...user, name: "generateKey", call: (client) => client.generateKey(emailAddress) },
  { ...nothing, name: "enableUser", call: (client) => client.enableUser(emailAddress) },
  { ...nothing, name: "disableUser", call: (client) => client.disableUser(emailAddress) },
  { ...nothing, name: "revokeKey", call: (client) => client.revokeKey(emailAddress, "AK") },
  {
    ...{ name: "deleteUser", call: (client) => client.deleteUser(userId, emailAddress), body: "" },
    ...{ check: oneOf(true, false), expected: true },
  },
  {
    ...{ name: "listBuckets", call: (client) => client.listBuckets() },
    ...{ body: JSON.stringify(wireBuckets), check: checkBuckets },
    expected: apiBuckets.parse(wireBuckets),
  },
  {
    ...{ name: "isBucketEmpty", call: (client) => client.isBucketEmpty("b1", owner) },
    body: list("ListBucketResult", "<Contents><Key>k</Key></Contents>"),
    ...{ check: oneOf(true, false), expected: false },
  },
  { ...nothing, name: "deleteBucket", call: (client) => client.deleteBucket("b1", owner) },
];

function userOrNone(value: unknown): void {
  if (value !== undefined) checkThisUser(value);
}

function idOrNone(value: unknown): void {
  if (value === undefined) return;
  checkUser(value);
  assert.equal((value as ApiUser).userId.toLowerCase(), userId);
}
