import assert from "node:assert/strict";
import { ApiError, ShapeError } from "../../../provider/api/errors";
import { clientOf, failureOf, useEmulator, userOn, withClient, withWebServer } from "../harness";

const address = "a+b'ü@example.com";

describe("the operations of ostor-users", () => {
  const setup = useEmulator();

  it("create a user with a first key, and read it by address and by id", async () => {
    const client = clientOf(setup.cluster);
    const created = await client.createUser(address);
    const user = userOn(setup.emulator, address);
    assert.equal(created.userId, user.userId);
    assert.deepEqual(created.accessKeys, user.accessKeys);
    const expected = {
      emailAddress: address,
      userId: user.userId,
      state: "enabled",
      ownerId: "0000000000000000",
      flags: [],
      accessKeys: user.accessKeys,
    };
    assert.deepEqual(await client.getUser(address), expected);
    assert.deepEqual(await client.getUserById(user.userId), expected);
  });

  it("return undefined for a user that does not exist", async () => {
    const client = clientOf(setup.cluster);
    assert.equal(await client.getUser("nobody@example.com"), undefined);
    assert.equal(await client.getUserById("0123456789abcdef"), undefined);
  });

  it("list all users", async () => {
    setup.emulator.cluster.createUser("one@example.com");
    setup.emulator.cluster.createUser("two@example.com");
    const users = await clientOf(setup.cluster).listUsers();
    const addresses = users.map(({ emailAddress }) => emailAddress);
    assert(addresses.includes("one@example.com") && addresses.includes("two@example.com"));
  });

  it("disable and enable", async () => {
    setup.emulator.cluster.createUser(address);
    await clientOf(setup.cluster).disableUser(address);
    assert.equal(userOn(setup.emulator, address).state, "disabled");
    await clientOf(setup.cluster).enableUser(address);
    assert.equal(userOn(setup.emulator, address).state, "enabled");
  });

  it("generate and revoke a key", async () => {
    const [first] = setup.emulator.cluster.createUser(address).accessKeys;
    const client = clientOf(setup.cluster);
    const { accessKeys } = await client.generateKey(address);
    const both = userOn(setup.emulator, address).accessKeys;
    assert.deepEqual(accessKeys, both.slice(1));
    await client.revokeKey(address, first?.accessKeyId ?? "");
    assert.deepEqual(userOn(setup.emulator, address).accessKeys, accessKeys);
  });

  it("delete by id, and accept that the user does not exist", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    await clientOf(setup.cluster).deleteUser(userId, address);
    assert.equal(setup.emulator.cluster.user(address), undefined);
    await clientOf(setup.cluster).deleteUser(userId, address);
  });

  it("delete the user with the id, also if another user has its address now", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.deleteUser(address);
    const next = setup.emulator.cluster.createUser(address);
    await clientOf(setup.cluster).deleteUser(userId, address);
    assert.equal(userOn(setup.emulator, address).userId, next.userId);
  });

  it("report the service's refusal with the attempt", async () => {
    setup.emulator.cluster.createUser(address);
    const error = await failureOf(clientOf(setup.cluster).createUser(address));
    assert(error instanceof ApiError);
    assert.equal(error.status, 409);
    assert.match(error.message, /^create user a\+b'ü@example\.com: the service answered 409 /);
  });

  it("send a write once, whatever the answer is", async () => {
    const client = clientOf(setup.cluster);
    for (const kind of ["resetAfter", "emptyBody", "wrongShape", "halfAnswer"] as const) {
      setup.emulator.clearRequests();
      setup.emulator.failNext({ operation: "createUser", kind });
      await failureOf(client.createUser(`${kind}@example.com`));
      assert.deepEqual(setup.operations(), ["createUser"]);
      assert(setup.emulator.cluster.user(`${kind}@example.com`));
    }
  });

  it("retry enable, disable, revoke and delete", async () => {
    const client = clientOf(setup.cluster);
    const { userId, accessKeys } = setup.emulator.cluster.createUser(address);
    const calls = {
      disableUser: () => client.disableUser(address),
      enableUser: () => client.enableUser(address),
      revokeKey: () => client.revokeKey(address, accessKeys[0]?.accessKeyId ?? ""),
      deleteUser: () => client.deleteUser(userId, address),
    };
    for (const [operation, call] of Object.entries(calls)) {
      setup.emulator.clearRequests();
      setup.emulator.failNext({ operation, kind: "status", status: 503 });
      await call();
      assert.deepEqual(setup.operations(), [operation, operation]);
    }
  });

  it("accept a deletion with a lost answer if the retry finds no user", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "deleteUser", kind: "resetAfter" });
    await clientOf(setup.cluster).deleteUser(userId, address);
    assert.deepEqual(
      setup.emulator.requests.map(({ status }) => status),
      [0, 404],
    );
  });

  it("reject the web page of a proxy", async () => {
    setup.emulator.failNext({ kind: "html", times: 2 });
    const error = await failureOf(clientOf(setup.cluster).listUsers());
    assert(error instanceof ShapeError);
    assert.match(error.message, /it is not JSON \(text\/html\)/);
  });
});

for (const assumptions of [
  {
    listShape: "object" as const,
    accountFields: true,
    revokeStatus: 204,
    errorFormat: "json" as const,
  },
  { listKeys: true, deleteStatus: 203, enableDisableStatus: 204, errorFormat: "headers" as const },
]) {
  describe(`the operations of ostor-users, where ${JSON.stringify(assumptions)}`, () => {
    const setup = useEmulator({ assumptions });

    it("work in the same way", async () => {
      const client = clientOf(setup.cluster);
      const { userId, accessKeys } = await client.createUser(address);
      await client.disableUser(address);
      await client.enableUser(address);
      const listed = (await client.listUsers()).find((user) => user.userId === userId);
      assert.equal(listed?.emailAddress, address);
      await client.revokeKey(address, accessKeys[0]?.accessKeyId ?? "");
      assert.deepEqual((await client.getUser(address))?.accessKeys, []);
      assert.match((await failureOf(client.createUser(address))).message, /409 .*already exists/);
      await client.deleteUser(userId, address);
      assert.equal(await client.getUser(address), undefined);
    });
  });
}

describe("getUser", () => {
  it("rejects an answer about another user, as from a server that ignores the parameter", async () => {
    const other = JSON.stringify({ UserEmail: "other@example.com\u001b[2J", UserId: "1234" });
    await withWebServer(
      (_, response) => response.end(other),
      async (endpoint) => {
        await withClient(endpoint, async (client) => {
          const error = await failureOf(client.getUser("a@example.com"));
          assert(error instanceof ShapeError);
          assert.match(error.message, /it is about another user, other@example\.com \[2J;/);
          assert((await failureOf(client.getUserById("5678"))) instanceof ShapeError);
        });
      },
    );
  });
});

describe("getUser on a cluster that folds case", () => {
  const setup = useEmulator({ assumptions: { foldAddressCase: true } });

  it("accepts the same address in another spelling", async () => {
    setup.emulator.cluster.createUser("Ops@Acme.example");
    const user = await clientOf(setup.cluster).getUser("OPS@acme.EXAMPLE");
    assert.equal(user?.emailAddress, "ops@acme.example");
  });
});
