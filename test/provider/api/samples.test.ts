import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { ShapeError } from "../../../provider/api/errors";
import { createClient, type Client } from "../../../provider/api/client";
import { settingsOf, withWebServer } from "../harness";

const folder = join(__dirname, "..", "..", "fixtures", "answers");
const samples = readdirSync(folder).map((name) => name.replace(/\.json$/, ""));
const bodyOf = (sample: string) => readFileSync(join(folder, `${sample}.json`), "utf8");

const emailAddress = "client@example.com";
const userId = "de86d1c19e616455";
const first = {
  accessKeyId: `${userId}DF4M`,
  secretAccessKey: "exampleSecretOfTheFirstPairAAAAAAAAAAAAA",
};
const second = {
  accessKeyId: `${userId}034G`,
  secretAccessKey: "exampleSecretOfTheSecondPairBBBBBBBBBBBB",
};
const bare = {
  emailAddress,
  userId,
  state: undefined,
  ownerId: undefined,
  flags: [],
  accessKeys: [],
};
const shown = { ...bare, state: "enabled", ownerId: "0000000000000000" };
const other = { emailAddress: "user@example.com", userId: "8d8f0ca5c2bc2f1a" };

/** The answers in the guides, by operation, and how this package reads them. */
const told: Record<string, { read: (client: Client) => Promise<unknown>; as: unknown }> = {
  createUser: {
    read: (client) => client.createUser(emailAddress),
    as: { ...bare, accessKeys: [first] },
  },
  "listUsers-array": {
    read: (client) => client.listUsers(),
    as: [shown, { ...shown, ...other }],
  },
  "listUsers-array-keys": {
    read: (client) => client.listUsers(),
    as: [
      { ...bare, accessKeys: [first, second] },
      { ...bare, ...other },
    ],
  },
  "listUsers-object": { read: (client) => client.listUsers(), as: [shown] },
  "listUsers-space": { read: (client) => client.listUsers(), as: [shown] },
  getUser: {
    read: (client) => client.getUser(emailAddress),
    as: { ...shown, accessKeys: [first, second] },
  },
  // The keys of accounts are not keys of the user.
  "getUser-accounts": {
    read: (client) => client.getUserById(userId),
    as: { ...shown, accessKeys: [first] },
  },
  "getUser-noState": {
    read: (client) => client.getUser(emailAddress),
    as: { ...bare, accessKeys: [first] },
  },
  "generateKey-new": {
    read: (client) => client.generateKey(emailAddress),
    as: { ...bare, accessKeys: [second] },
  },
  "generateKey-all": {
    read: (client) => client.generateKey(emailAddress),
    as: { ...bare, accessKeys: [first, second] },
  },
  listBuckets: {
    read: (client) => client.listBuckets(userId),
    as: [
      {
        name: "bucket1",
        creationDate: "2018-05-25T17:12:00.000Z",
        ownerId: userId,
        currentBytes: 12288,
        hmaxBytes: 12288,
        hIntegralByteHours: 7360512,
        lastTsHours: 424241,
      },
    ],
  },
};

async function answered<T>(sample: string, read: (client: Client) => Promise<T>): Promise<T> {
  let result: T | undefined;
  const listener = (_request: unknown, answer: ServerResponse) => {
    answer.setHeader("Content-Type", "application/json").end(bodyOf(sample));
  };
  await withWebServer(listener, async (endpoint) => {
    const client = createClient(settingsOf({ endpoint }));
    try {
      result = await read(client);
    } finally {
      await client.close();
    }
  });
  return result as T;
}

describe("the answers in the guides", () => {
  for (const [sample, { read, as }] of Object.entries(told)) {
    it(`are read as intended: ${sample}`, async () => {
      assert.deepEqual(await answered(sample, read), as);
    });
  }

  it("are complete", () => {
    const foreign = ["createAccount", "getLimits", "getQuota", "getQuota-number"];
    const known = [...Object.keys(told), ...foreign, "listUsage", "getUsage"];
    assert.deepEqual([...samples].sort(), known.sort());
  });

  for (const sample of samples.filter((name) => !(name in told))) {
    it(`are never read as a user, users or buckets: ${sample}`, async () => {
      const reads: ((client: Client) => Promise<unknown>)[] = [
        (client) => client.getUser(emailAddress),
        (client) => client.listUsers(),
        (client) => client.listBuckets(userId),
      ];
      for (const read of reads) await assert.rejects(answered(sample, read), ShapeError);
    });
  }
});
