import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator";
import { ApiError, NetworkError } from "../../../provider/api/errors";
import type { ApiUser } from "../../../provider/api/schemas";
import { keyIds } from "../../../provider/cluster/keyMessages";
import { clientOf, failureOf, useEmulator, userOn } from "../harness";

const address = "ops@acme.example";

function useUser(assumptions: NonNullable<EmulatorOptions["assumptions"]> = {}) {
  const setup = useEmulator({ assumptions });
  beforeEach(() => {
    setup.emulator.cluster.createUser(address);
  });
  const read = async (): Promise<ApiUser> => {
    const user = await clientOf(setup.cluster).getUser(address);
    assert(user);
    setup.emulator.clearRequests();
    return user;
  };
  const onCluster = () => userOn(setup.emulator, address).accessKeys;
  return { setup, read, onCluster };
}

for (const genKeyReply of ["new", "all"] as const) {
  describe(`generateKey, where genKey returns ${genKeyReply} keys`, () => {
    const { setup, read, onCluster } = useUser({ genKeyReply });

    it("returns the key that did not exist before", async () => {
      const key = await setup.cluster.generateKey(await read());
      assert.deepEqual(key, onCluster()[1]);
      assert.deepEqual(setup.operations(), ["generateKey"]);
    });

    for (const kind of ["resetAfter", "halfAnswer", "emptyBody", "wrongShape"] as const) {
      it(`returns the one generated key when the response is lost (${kind})`, async () => {
        const user = await read();
        setup.emulator.failNext({ operation: "generateKey", kind });
        const key = await setup.cluster.generateKey(user);
        assert.equal(onCluster().length, 2);
        assert.deepEqual(key, onCluster()[1]);
      });
    }

    it("sends the request again when nothing was generated", async () => {
      const user = await read();
      setup.emulator.failNext({ operation: "generateKey", kind: "resetBefore" });
      const key = await setup.cluster.generateKey(user);
      assert.deepEqual(key, onCluster()[1]);
      const [first, ...reads] = setup.operations();
      assert.deepEqual([first, reads.pop()], ["generateKey", "generateKey"]);
      assert(
        reads.length > 1 && reads.every((name) => name === "getUser"),
        "it reads again, because a key may appear late",
      );
    });
  });
}

describe("generateKey", () => {
  const { setup, read, onCluster } = useUser();

  it("refuses a third key before it sends a request, and offers no adopt line", async () => {
    setup.emulator.cluster.generateKey(address);
    const user = await read();
    setup.cluster.claims.keep([user.accessKeys[0]?.accessKeyId ?? ""]);
    const error = await failureOf(setup.cluster.generateKey(user));
    assert.equal(
      error.message,
      `create a key of user ${address}: it has the two keys that the service allows (${keyIds(user)}); npx pulumi-ostor orphans lists those that are in no stack of the project: revoke one with npx pulumi-ostor revoke-key <id>; to rotate a key in place of the old one set replaceOrder: "delete-first"`,
    );
    assert.deepEqual(setup.operations(), []);
  });

  it("only offers to remove a key if this program declares both keys", async () => {
    setup.emulator.cluster.generateKey(address);
    const user = await read();
    setup.cluster.claims.keep(user.accessKeys.map(({ accessKeyId }) => accessKeyId));
    const { message } = await failureOf(setup.cluster.generateKey(user));
    assert.match(
      message,
      /\(\w+, \w+\), and other resources of this program declare both; remove one$/,
    );
  });

  it("passes on the refusal when someone else took the last slot meanwhile", async () => {
    const user = await read();
    setup.emulator.cluster.generateKey(address);
    const error = await failureOf(setup.cluster.generateKey(user));
    assert(error instanceof ApiError);
    assert.equal(error.code, "KeyLimitExceeded");
  });

  it("names all new keys when someone else changes keys at the same time", async () => {
    const [first] = onCluster();
    setup.emulator.cluster.revokeKey(first?.accessKeyId ?? "");
    const user = await read();
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    setup.emulator.cluster.generateKey(address);
    const error = await failureOf(setup.cluster.generateKey(user));
    const [one, two] = onCluster().map(({ accessKeyId }) => accessKeyId);
    assert(
      error.message.includes(`${one ?? "?"} and ${two ?? "?"} appeared at once`),
      error.message,
    );
  });

  it("does not return a key of a user that was re-created under the address", async () => {
    const user = await read();
    setup.emulator.cluster.deleteUser(address);
    const { userId } = setup.emulator.cluster.createUser(address);
    const { message } = await failureOf(setup.cluster.generateKey(user));
    assert.equal(
      message,
      `generate a key of user ${address}: someone deleted the user (userId ${user.userId}), and user ${userId} has its address now; key ${onCluster()[1]?.accessKeyId ?? "?"} was generated for it: npx pulumi-ostor revoke-key ${onCluster()[1]?.accessKeyId ?? "?"} revokes it; then run: pulumi refresh`,
    );
  });

  it("reports such a user when the response is lost, and claims none of its keys", async () => {
    const user = await read();
    setup.emulator.cluster.deleteUser(address);
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const { message } = await failureOf(setup.cluster.generateKey(user));
    assert.equal(
      message,
      `generate a key of user ${address}: someone deleted the user (userId ${user.userId}), and user ${userId} has its address now; a key may have been generated for it: npx pulumi-ostor orphans lists those that are in no stack; then run: pulumi refresh`,
    );
    assert.equal(setup.operations().filter((name) => name === "generateKey").length, 1);
  });
});

describe("generateKey, when nothing can be read after a lost response", () => {
  const { setup, read, onCluster } = useUser();

  it("sends no second request, and names the earlier keys, so that the new key can be recognized", async () => {
    const user = await read();
    const [before] = onCluster();
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    setup.emulator.failNext({ operation: "getUser", kind: "status", status: 503, times: 5 });
    const { message } = await failureOf(setup.cluster.generateKey(user));
    assert(
      message.endsWith(
        `; user ${address} had the keys ${before?.accessKeyId ?? "?"} before; any other that npx pulumi-ostor orphans lists may come from this run: revoke it with npx pulumi-ostor revoke-key <id>, then run pulumi up again`,
      ),
      message,
    );
    assert.equal(onCluster().length, 2);
    assert.equal(setup.operations().filter((name) => name === "generateKey").length, 1);
  });
});

describe("generateKey, when no new key is read after a lost response", () => {
  const { setup, read } = useUser();

  it("names the earlier keys too, because a new key may appear later", async () => {
    const user = await read();
    const cluster = setup.open({ maxRetries: "0" });
    setup.emulator.failNext({ operation: "generateKey", kind: "resetBefore" });
    const error = await failureOf(cluster.generateKey(user));
    assert(error instanceof NetworkError);
    assert(error.message.includes(`had the keys ${keyIds(user)} before; any other`));
  });

  it("does not name them after a 429, which is not carried out", async () => {
    const user = await read();
    const cluster = setup.open({ maxRetries: "0" });
    setup.emulator.failNext({ operation: "generateKey", kind: "status", status: 429 });
    const { message } = await failureOf(cluster.generateKey(user));
    assert(!message.includes("before;"), message);
  });
});

describe("generateKey, where reads are stale", () => {
  for (const genKeyReply of ["new", "all"] as const) {
    const { setup, onCluster } = useUser({ genKeyReply, lagMs: 60 });
    const both = async () => {
      const [automatic] = onCluster();
      setup.emulator.cluster.revokeKey(automatic?.accessKeyId ?? "");
      setup.pass(60);
      const user = await clientOf(setup.cluster).getUser(address);
      assert.deepEqual(user?.accessKeys, []);
      return user;
    };

    it(`returns each of two keys to its own caller (${genKeyReply})`, async () => {
      const user = await both();
      const keys = [await setup.cluster.generateKey(user), await setup.cluster.generateKey(user)];
      assert.deepEqual(keys, onCluster());
    });

    it(`generates no second key if the first appears late after a lost response (${genKeyReply})`, async () => {
      const user = await both();
      setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
      assert.deepEqual([await setup.cluster.generateKey(user)], onCluster());
    });
  }
});

describe("keys of a disabled user, where the service only changes keys of enabled users", () => {
  const { setup, read, onCluster } = useUser({ keysInDisabledUser: false });
  const hint = /; the user is disabled, .* set state: "enabled" first$/;

  it("are refused with a message that explains it", async () => {
    setup.emulator.cluster.setUserState(address, "disabled");
    const user = await read();
    assert.match((await failureOf(setup.cluster.generateKey(user))).message, hint);
    const id = onCluster()[0]?.accessKeyId ?? "";
    assert.match((await failureOf(setup.cluster.revokeKey(user, id))).message, hint);
  });
});

describe("generateKey, where secrets cannot be read", () => {
  const { setup, read, onCluster } = useUser({ secretsReadable: false });

  it("returns a key without its secret when the response is lost", async () => {
    const user = await read();
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    assert.deepEqual(await setup.cluster.generateKey(user), {
      accessKeyId: onCluster()[1]?.accessKeyId,
      secretAccessKey: undefined,
    });
  });
});

describe("revokeKey", () => {
  const { setup, read, onCluster } = useUser();
  const firstId = () => onCluster()[0]?.accessKeyId ?? "";

  it("revokes", async () => {
    await setup.cluster.revokeKey(await read(), firstId());
    assert.deepEqual(onCluster(), []);
  });

  it("never revokes the key that signs the requests, and names the settings to change first", async () => {
    const user = await read();
    const own = setup.open({ accessKeyId: firstId() });
    const { message } = await failureOf(own.revokeKey(user, firstId()));
    assert.match(message, /it signs the requests of this stack and was not revoked; set another/);
    assert.match(message, /pulumi config set ostor:accessKeyId/);
    assert.deepEqual(setup.operations(), []);
  });

  it("treats a key that no longer exists as revoked, whatever the service returns", async () => {
    const user = await read();
    const id = firstId();
    setup.emulator.cluster.revokeKey(id);
    await setup.cluster.revokeKey(user, id);
    assert.deepEqual(setup.operations(), ["revokeKey", "getUser"]);
  });

  it("treats a key as revoked if its user no longer exists", async () => {
    const user = await read();
    const id = firstId();
    setup.emulator.cluster.deleteUser(address);
    await setup.cluster.revokeKey(user, id);
    assert.deepEqual(setup.operations(), ["revokeKey", "getUser", "listUsers"]);
  });

  it("does not treat a 404 of another web server as a revocation", async () => {
    const user = await read();
    for (const operation of ["revokeKey", "getUser", "listUsers"]) {
      setup.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    await failureOf(setup.cluster.revokeKey(user, firstId()));
    assert.equal(onCluster().length, 1);
  });

  it("succeeds when the response is lost", async () => {
    const user = await read();
    setup.emulator.failNext({ operation: "revokeKey", kind: "resetAfter" });
    await setup.cluster.revokeKey(user, firstId());
    assert.deepEqual(onCluster(), []);
  });

  it("passes on a refusal while the key exists", async () => {
    const user = await read();
    setup.emulator.failNext({ operation: "revokeKey", kind: "status", status: 409 });
    const error = await failureOf(setup.cluster.revokeKey(user, firstId()));
    assert(error instanceof ApiError);
    assert.equal(error.status, 409);
    assert.equal(onCluster().length, 1);
  });

  it("passes on rejected credentials and a network failure without a read", async () => {
    const user = await read();
    setup.emulator.failNext({ operation: "revokeKey", kind: "status", status: 403 });
    const rejected = await failureOf(setup.cluster.revokeKey(user, firstId()));
    assert(rejected instanceof ApiError);
    const { cluster } = { cluster: setup.open({ maxRetries: "0" }) };
    setup.emulator.failNext({ operation: "revokeKey", kind: "resetBefore" });
    const torn = await failureOf(cluster.revokeKey(user, firstId()));
    assert(torn instanceof NetworkError);
    assert(!setup.operations().includes("getUser"));
  });
});
