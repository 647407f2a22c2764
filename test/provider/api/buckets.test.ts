import assert from "node:assert/strict";
import { ApiError } from "../../../provider/api/errors";
import { clientOf, failureOf, useEmulator, withClient, withWebServer } from "../harness";

describe("listBuckets", () => {
  const nowMs = Date.UTC(2018, 4, 25, 17, 12);
  const setup = useEmulator({ clock: () => nowMs });
  const names = async (ownerId?: string) =>
    (await clientOf(setup.cluster).listBuckets(ownerId)).map(({ name }) => name).sort();

  it("lists all buckets, or those of one user", async () => {
    const outside = setup.emulator.cluster;
    const { userId } = outside.createUser("a@example.com");
    outside.createUser("b@example.com");
    outside.createBucket("bucket-a", "a@example.com");
    outside.createBucket("bucket-b", "b@example.com");
    assert.deepEqual(await names(), ["bucket-a", "bucket-b"]);
    assert.deepEqual(await names(userId), ["bucket-a"]);
  });

  it("returns owner, creation date and sizes", async () => {
    const outside = setup.emulator.cluster;
    const { userId } = outside.createUser("a@example.com");
    outside.createBucket("bucket-a", "a@example.com");
    outside.putObject("bucket-a", "key", "12345");
    assert.deepEqual(await clientOf(setup.cluster).listBuckets(), [
      {
        name: "bucket-a",
        ownerId: userId,
        creationDate: "2018-05-25T17:12:00.000Z",
        currentBytes: 5,
        hmaxBytes: 5,
        hIntegralByteHours: 0,
        lastTsHours: 424241,
      },
    ]);
  });

  it("returns an empty list for a user without buckets", async () => {
    const { userId } = setup.emulator.cluster.createUser("a@example.com");
    assert.deepEqual(await names(userId), []);
  });

  it("fails for a user that does not exist, instead of returning an empty list", async () => {
    const error = await failureOf(clientOf(setup.cluster).listBuckets("0123456789abcdef"));
    assert(error instanceof ApiError);
    assert.equal(error.status, 404);
    assert.match(error.message, /^list buckets of user 0123456789abcdef: /);
  });

  it("ignores the buckets of other users if a server ignores the parameter", async () => {
    const bucket = { name: "b", creation_date: "2018", owner_id: "someone" };
    await withWebServer(
      (_, response) => response.end(JSON.stringify({ Buckets: [bucket] })),
      async (endpoint) => {
        await withClient(endpoint, async (client) => {
          assert.deepEqual(await client.listBuckets("me"), []);
          assert.equal((await client.listBuckets()).length, 1);
        });
      },
    );
  });
});
