import assert from "node:assert/strict";

import { createEmulator, type Emulator } from "../../../emulator";
import { firstKey, type Reply, s3Curl } from "../client";
import { withEmulator } from "../withEmulator";

const address = "client@example.com";
const query = `ostor-users&emailAddress=${address}`;

function json(reply: Reply): Record<string, unknown> {
  return JSON.parse(reply.body) as Record<string, unknown>;
}

describe("users of the management API", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator({ seed: 7 });
    await emulator.start();
  });
  afterEach(() => emulator.stop());
  const call = (method: string, text: string) => s3Curl(emulator, method, text);

  it("creates an enabled user with one key, in the formats of the service", async () => {
    const reply = await call("PUT", query);
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["content-type"], "application/json");
    assert.equal(reply.headers["transfer-encoding"], "chunked");
    assert.match(String(reply.headers["x-amz-request-id"]), /^[0-9a-f]{32}$/);
    assert.match(String(reply.headers["x-amz-req-time-micros"]), /^\d+$/);
    const { UserEmail, UserId, AWSAccessKeys, ...rest } = json(reply);
    assert.deepEqual(rest, {});
    assert.equal(UserEmail, address);
    assert.match(String(UserId), /^[0-9a-f]{16}$/);
    const [key, ...others] = AWSAccessKeys as Record<string, string>[];
    assert.deepEqual(others, []);
    assert.match(key?.["AWSAccessKeyId"] ?? "", new RegExp(`^${String(UserId)}[0-9A-Z]{4}$`));
    assert.match(key?.["AWSSecretAccessKey"] ?? "", /^[A-Za-z0-9]{40}$/);
    assert.equal(emulator.cluster.user(address)?.state, "enabled");
  });

  it("lists users without keys, the system user among them", async () => {
    await call("PUT", query);
    const users = JSON.parse((await call("GET", "ostor-users")).body) as Record<string, unknown>[];
    const OwnerId = "0000000000000000";
    const system = users.find(({ UserEmail }) => UserEmail !== address);
    assert.equal(system?.["UserEmail"], "admin@ostor.example");
    assert.deepEqual(
      users.filter((user) => user !== system),
      [
        {
          UserEmail: address,
          UserId: emulator.cluster.user(address)?.userId,
          State: "enabled",
          OwnerId,
        },
      ],
    );
    assert.deepEqual(
      emulator.cluster.users().map(({ emailAddress }) => emailAddress),
      [address],
    );
  });

  it("returns one user with secrets by address and by id", async () => {
    const user = emulator.cluster.createUser(address);
    const { accessKeyId, secretAccessKey } = firstKey(emulator, address);
    for (const who of [`emailAddress=client%40example.com`, `id=${user.userId}`]) {
      assert.deepEqual(json(await call("GET", `ostor-users&${who}`)), {
        UserEmail: address,
        UserId: user.userId,
        State: "enabled",
        OwnerId: "0000000000000000",
        Flags: [],
        AWSAccessKeys: [{ AWSAccessKeyId: accessKeyId, AWSSecretAccessKey: secretAccessKey }],
      });
    }
    assert.deepEqual(
      emulator.requests.map(({ operation }) => operation),
      ["getUser", "getUserById"],
    );
  });

  it("returns 404 for a user that does not exist, in every call for a user", async () => {
    const calls: [string, string][] = [
      ["GET", query],
      ["GET", "ostor-users&id=0123456789abcdef"],
      ["POST", `${query}&enable`],
      ["POST", `${query}&disable`],
      ["POST", `${query}&genKey`],
      ["POST", `${query}&revokeKey=K`],
      ["DELETE", query],
      ["DELETE", "ostor-users&id=0123456789abcdef"],
      ["GET", `ostor-buckets&emailAddress=${address}`],
    ];
    for (const [method, text] of calls) {
      const reply = await call(method, text);
      assert.equal(reply.status, 404, text);
      assert.equal(reply.headers["x-amz-err-code"], "NoSuchUser");
      assert.match(String(reply.headers["x-amz-err-message"]), /does not exist/);
      assert.match(
        reply.body,
        /^<\?xml.*\n<Error><Code>NoSuchUser<\/Code><Message>The user .* does not exist/,
      );
    }
  });

  it("disables and enables a user, and accepts repetitions", async () => {
    emulator.cluster.createUser(address);
    for (const state of ["disable", "disable", "enable=", "enable"]) {
      const reply = await call("POST", `${query}&${state}`);
      assert.equal(reply.status, 200);
      assert.equal(reply.body, "");
      const expected = state.startsWith("enable") ? "enabled" : "disabled";
      assert.equal(emulator.cluster.user(address)?.state, expected);
      assert.equal(json(await call("GET", query))["State"], expected);
    }
  });

  it("deletes a user by address and by id, with 204 and no body", async () => {
    for (const by of ["emailAddress", "id"]) {
      const { userId } = emulator.cluster.createUser(address);
      const reply = await call("DELETE", `ostor-users&${by}=${by === "id" ? userId : address}`);
      assert.equal(reply.status, 204);
      assert.equal(reply.body, "");
      assert.equal(emulator.cluster.user(address), undefined);
    }
  });

  it("gives a user that is created again another id", () => {
    const first = emulator.cluster.createUser(address);
    emulator.cluster.deleteUser(address);
    assert.notEqual(emulator.cluster.createUser(address).userId, first.userId);
  });

  it("gives the same ids for the same seed, whatever the order of creation", () => {
    const other = createEmulator({ seed: 7 });
    other.cluster.createUser("somebody@example.com");
    assert.deepEqual(other.cluster.createUser(address), emulator.cluster.createUser(address));
    assert.deepEqual(other.credentials, emulator.credentials);
    assert.notDeepEqual(createEmulator({ seed: 8 }).credentials, emulator.credentials);
  });

  it("refuses to delete a user that owns a bucket", async () => {
    emulator.cluster.createUser(address);
    emulator.cluster.createBucket("data", address);
    const reply = await call("DELETE", query);
    assert.equal(reply.status, 409);
    assert.equal(reply.headers["x-amz-err-code"], "UserHasBuckets");
    emulator.cluster.deleteBucket("data");
    assert.equal((await call("DELETE", query)).status, 204);
  });

  it("refuses a user that exists, and changes nothing", async () => {
    const user = emulator.cluster.createUser(address);
    const reply = await call("PUT", query);
    assert.equal(reply.status, 409);
    assert.deepEqual(emulator.cluster.user(address), user);
  });

  it("refuses an invalid address", async () => {
    for (const text of ["plain", "a%20b@example.com", "@", "a@", "a%0Ab@example.com", ""]) {
      const reply = await call("PUT", `ostor-users&emailAddress=${text}`);
      assert.equal(reply.status, 400, text);
    }
    assert.deepEqual(emulator.cluster.users(), []);
  });

  it("refuses changes of the system user", async () => {
    const system = "ostor-users&emailAddress=admin@ostor.example";
    assert.equal((await call("DELETE", system)).status, 403);
    assert.equal((await call("POST", `${system}&disable`)).status, 403);
    assert.equal((await call("POST", `${system}&genKey`)).status, 403);
    assert.equal((await call("GET", system)).status, 200);
  });

  describe("under other assumptions", () => {
    it("lists as an object, with keys", async () => {
      const assumptions = { listShape: "object", listKeys: true, systemUserListed: false } as const;
      await withEmulator({ assumptions }, async (own) => {
        own.cluster.createUser(address);
        const { Users } = json(await s3Curl(own, "GET", "ostor-users")) as { Users: object[] };
        const { accessKeyId, secretAccessKey } = firstKey(own, address);
        assert.equal(Users.length, 1);
        assert.deepEqual((Users[0] as Record<string, unknown>)["AWSAccessKeys"], [
          { AWSAccessKeyId: accessKeyId, AWSSecretAccessKey: secretAccessKey },
        ]);
      });
    });

    it("returns an existing user for PUT, unchanged", async () => {
      await withEmulator({ assumptions: { existingUserStatus: 200 } }, async (own) => {
        const user = own.cluster.createUser(address);
        const reply = await s3Curl(own, "PUT", query);
        assert.equal(reply.status, 200);
        assert.equal(json(reply)["UserId"], user.userId);
        assert.deepEqual(own.cluster.user(address), user);
      });
    });

    it("folds the case of addresses", async () => {
      await withEmulator({ assumptions: { foldAddressCase: true } }, async (own) => {
        const created = await s3Curl(own, "PUT", "ostor-users&emailAddress=Client@Example.com");
        assert.equal(json(created)["UserEmail"], address);
        const seen = await s3Curl(own, "GET", "ostor-users&emailAddress=CLIENT@example.com");
        assert.equal(json(seen)["UserEmail"], address);
      });
      emulator.cluster.createUser(address);
      const other = await call("GET", "ostor-users&emailAddress=CLIENT@example.com");
      assert.equal(other.status, 404);
    });

    it("hides secrets, returns accounts, and uses the given statuses", async () => {
      const assumptions = {
        ...{ secretsReadable: false, accountFields: true, checkAddresses: false },
        ...{ enableDisableStatus: 204, deleteStatus: 200, nonSystemStatus: 401 },
      };
      await withEmulator({ assumptions }, async (own) => {
        assert.equal((await s3Curl(own, "PUT", "ostor-users&emailAddress=plain")).status, 200);
        const seen = await s3Curl(own, "GET", "ostor-users&emailAddress=plain");
        assert.ok(!seen.body.includes("AWSSecretAccessKey"));
        assert.equal(json(seen)["AccountCount"], "0");
        const credentials = firstKey(own, "plain");
        const refused = await s3Curl(own, "GET", "ostor-users", { credentials });
        assert.equal(refused.status, 401);
        const disabled = await s3Curl(own, "POST", "ostor-users&emailAddress=plain&disable");
        assert.equal(disabled.status, 204);
        const deleted = await s3Curl(own, "DELETE", "ostor-users&emailAddress=plain");
        assert.equal(deleted.status, 200);
      });
    });

    it("returns writes only after lagMs", async () => {
      let now = Date.now();
      const assumptions = { lagMs: 2000, systemUserListed: false };
      await withEmulator({ clock: () => now, assumptions }, async (own) => {
        const states = async () => {
          const reply = await s3Curl(own, "GET", "ostor-users", {
            date: new Date(now).toUTCString(),
          });
          return (JSON.parse(reply.body) as { State: string }[]).map(({ State }) => State);
        };
        own.cluster.createUser(address);
        assert.deepEqual(await states(), []);
        now += 2000;
        assert.deepEqual(await states(), ["enabled"]);
        own.cluster.setUserState(address, "disabled");
        now += 1000;
        own.cluster.deleteUser(address);
        assert.deepEqual(await states(), ["enabled"]);
        now += 1000;
        assert.deepEqual(await states(), ["disabled"]);
        now += 1000;
        assert.deepEqual(await states(), []);
      });
    });
  });
});
