import assert from "node:assert/strict";
import { lookups, type Lookups } from "../../../provider/resources/lookup";
import { createClock, failureOf, useEmulator, userOn } from "../harness";

const owner = "owner@example.com";

describe("lookups", () => {
  const setup = useEmulator();
  const open = (raw: Record<string, string> = {}): Lookups =>
    lookups(
      { endpoint: setup.emulator.endpoint, ...setup.emulator.credentials, ...raw },
      { clock: createClock() },
    );
  beforeEach(() => {
    setup.emulator.cluster.createUser(owner);
    setup.emulator.cluster.createUser("other@example.com");
    setup.emulator.cluster.createBucket("data", owner);
    setup.emulator.cluster.putObject("data", "key", "12345");
  });
  const expected = () => {
    const { userId, accessKeys } = userOn(setup.emulator, owner);
    return {
      emailAddress: owner,
      userId,
      state: "enabled",
      ownerId: "0000000000000000",
      flags: [],
      accessKeyIds: accessKeys.map(({ accessKeyId }) => accessKeyId),
    };
  };

  it("read one user by address or id, without secrets", async () => {
    const byAddress = await open().getUser({ emailAddress: owner });
    assert.deepEqual(byAddress, expected());
    assert.deepEqual(await open().getUser({ userId: expected().userId }), expected());
  });

  it("require exactly one of both", async () => {
    for (const query of [{}, { emailAddress: owner, userId: "1" }]) {
      assert.equal(
        (await failureOf(open().getUser(query))).message,
        "getUser: set exactly one of emailAddress and userId",
      );
    }
  });

  it("name a user that does not exist", async () => {
    for (const [query, name] of [
      [{ emailAddress: "nobody@example.com" }, "nobody@example.com"],
      [{ userId: "0123456789abcdef" }, "0123456789abcdef"],
    ] as const) {
      assert.equal(
        (await failureOf(open().getUser(query))).message,
        `read user ${name}: the user does not exist on the cluster`,
      );
    }
  });

  it("list all users, as of now", async () => {
    const { users } = await open().getUsers();
    const listed = users.find(({ emailAddress }) => emailAddress === owner);
    assert.deepEqual(listed, { ...expected(), accessKeyIds: [] });
    setup.emulator.cluster.createUser("third@example.com");
    assert.equal((await open().getUsers()).users.length, users.length + 1);
  });

  it("read one bucket with its sizes", async () => {
    const bucket = await open().getBucket({ name: "data" });
    assert.equal(bucket.ownerId, expected().userId);
    assert.equal(bucket.currentBytes, 5);
    assert.deepEqual(Object.keys(bucket).sort(), [
      "creationDate",
      "currentBytes",
      "hIntegralByteHours",
      "hmaxBytes",
      "lastTsHours",
      "name",
      "ownerId",
    ]);
    assert.equal(
      (await failureOf(open().getBucket({ name: "gone" }))).message,
      "read bucket gone: the bucket does not exist on the cluster",
    );
  });

  it("list all buckets, or those of one user by address or id", async () => {
    setup.emulator.cluster.createBucket("others", "other@example.com");
    const names = async (user?: string) =>
      (await open().getBuckets({ user })).buckets.map(({ name }) => name).sort();
    assert.deepEqual(await names(), ["data", "others"]);
    assert.deepEqual(await names(owner), ["data"]);
    assert.deepEqual(await names(expected().userId), ["data"]);
    assert.match((await failureOf(names("nobody@example.com"))).message, /the user does not exist/);
  });

  it("return no secret", async () => {
    const answers = [
      await open().getUser({ emailAddress: owner }),
      await open().getUsers(),
      await open().getBuckets({}),
    ];
    const secrets = userOn(setup.emulator, owner).accessKeys.map((key) => key.secretAccessKey);
    assert.equal(secrets.length, 1);
    for (const secret of [...secrets, setup.emulator.credentials.secretAccessKey]) {
      assert(!JSON.stringify(answers).includes(secret));
    }
  });

  it("name the fix of a failure", async () => {
    const wrong = open({ secretAccessKey: "wrong" });
    assert.match((await failureOf(wrong.getUsers())).message, /403.*; check the credentials/);
  });

  it("name every setting that is missing, before anything is sent", () => {
    assert.throws(
      () => lookups({ region: "eu-1" }),
      /ostor:endpoint is not set.*; ostor:accessKeyId/,
    );
    const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.throws(() => lookups({ endpoint: marker }), /settings of ostor are not known yet/);
  });
});
