import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator";
import { ApiError, NetworkError } from "../../../provider/api/errors";
import type { ApiUser } from "../../../provider/api/schemas";
import { keyIds } from "../../../provider/cluster/keyMessages";
import { clientOf, failureOf, useCluster, userOn } from "../harness";

const address = "ops@acme.example";

function useUser(assumptions: NonNullable<EmulatorOptions["assumptions"]> = {}) {
  const cluster = useCluster({ assumptions });
  beforeEach(() => {
    cluster.emulator.cluster.createUser(address);
  });
  const read = async (): Promise<ApiUser> => {
    const user = await clientOf(cluster.session).getUser(address);
    assert(user);
    cluster.emulator.clearRequests();
    return user;
  };
  const onCluster = () => userOn(cluster.emulator, address).accessKeys;
  return { cluster, read, onCluster };
}

for (const genKeyReply of ["new", "all"] as const) {
  describe(`generateKey, where genKey answers with ${genKeyReply} pairs`, () => {
    const { cluster, read, onCluster } = useUser({ genKeyReply });

    it("gives the pair that wasn't there before", async () => {
      const pair = await cluster.session.generateKey(await read());
      assert.deepEqual(pair, onCluster()[1]);
      assert.deepEqual(cluster.operations(), ["generateKey"]);
    });

    for (const kind of ["resetAfter", "halfAnswer", "emptyBody", "wrongShape"] as const) {
      it(`loses no pair and makes no second one when the answer is lost (${kind})`, async () => {
        const user = await read();
        cluster.emulator.failNext({ operation: "generateKey", kind });
        const pair = await cluster.session.generateKey(user);
        assert.equal(onCluster().length, 2);
        assert.deepEqual(pair, onCluster()[1]);
      });
    }

    it("sends again when nothing was made", async () => {
      const user = await read();
      cluster.emulator.failNext({ operation: "generateKey", kind: "resetBefore" });
      const pair = await cluster.session.generateKey(user);
      assert.deepEqual(pair, onCluster()[1]);
      const [first, ...looks] = cluster.operations();
      assert.deepEqual([first, looks.pop()], ["generateKey", "generateKey"]);
      assert(looks.length > 1 && looks.every((name) => name === "getUser"), "it may show late");
    });
  });
}

describe("generateKey", () => {
  const { cluster, read, onCluster } = useUser();

  it("refuses a third pair before anything is sent, and offers no adopt line", async () => {
    cluster.emulator.cluster.generateKey(address);
    const user = await read();
    cluster.session.claims.keep([user.accessKeys[0]?.accessKeyId ?? ""]);
    const error = await failureOf(cluster.session.generateKey(user));
    assert.equal(
      error.message,
      `create a key of user ${address}: it has the two keys that the service allows (${keyIds(user)}); npx pulumi-ostor orphans lists those that are in no stack of the project: revoke one with npx pulumi-ostor revoke-key <id>; to rotate a key in place of the old one set replaceOrder: "delete-first"`,
    );
    assert.deepEqual(cluster.operations(), []);
  });

  it("offers nothing but to remove one where this program declares both pairs", async () => {
    cluster.emulator.cluster.generateKey(address);
    const user = await read();
    cluster.session.claims.keep(user.accessKeys.map(({ accessKeyId }) => accessKeyId));
    const { message } = await failureOf(cluster.session.generateKey(user));
    assert.match(
      message,
      /\(\w+, \w+\), and other resources of this program declare both; remove one$/,
    );
  });

  it("gives the service's refusal when somebody took the last slot meanwhile", async () => {
    const user = await read();
    cluster.emulator.cluster.generateKey(address);
    const error = await failureOf(cluster.session.generateKey(user));
    assert(error instanceof ApiError);
    assert.equal(error.code, "KeyLimitExceeded");
  });

  it("names all that turned up when somebody else changes the keys at the same time", async () => {
    const [first] = onCluster();
    cluster.emulator.cluster.revokeKey(first?.accessKeyId ?? "");
    const user = await read();
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    cluster.emulator.cluster.generateKey(address);
    const error = await failureOf(cluster.session.generateKey(user));
    const [one, two] = onCluster().map(({ accessKeyId }) => accessKeyId);
    assert(
      error.message.includes(`${one ?? "?"} and ${two ?? "?"} appeared at once`),
      error.message,
    );
  });

  it("takes no pair of a user who was made anew under the address", async () => {
    const user = await read();
    cluster.emulator.cluster.deleteUser(address);
    const { userId } = cluster.emulator.cluster.createUser(address);
    const { message } = await failureOf(cluster.session.generateKey(user));
    assert.equal(
      message,
      `generate a key of user ${address}: someone deleted the user (userId ${user.userId}), and user ${userId} has its address now; key ${onCluster()[1]?.accessKeyId ?? "?"} was generated for it: npx pulumi-ostor revoke-key ${onCluster()[1]?.accessKeyId ?? "?"} revokes it; then run: pulumi refresh`,
    );
  });

  it("tells of such a user as well when the answer was lost, and names no pair for its own", async () => {
    const user = await read();
    cluster.emulator.cluster.deleteUser(address);
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const { message } = await failureOf(cluster.session.generateKey(user));
    assert.equal(
      message,
      `generate a key of user ${address}: someone deleted the user (userId ${user.userId}), and user ${userId} has its address now; a key may have been generated for it: npx pulumi-ostor orphans lists those that are in no stack; then run: pulumi refresh`,
    );
    assert.equal(cluster.operations().filter((name) => name === "generateKey").length, 1);
  });
});

describe("generateKey, when nothing can be read after a lost answer", () => {
  const { cluster, read, onCluster } = useUser();

  it("sends no second one, and names the pairs from before, so that the new one can be told", async () => {
    const user = await read();
    const [before] = onCluster();
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    cluster.emulator.failNext({ operation: "getUser", kind: "status", status: 503, times: 5 });
    const { message } = await failureOf(cluster.session.generateKey(user));
    assert(
      message.endsWith(
        `; user ${address} had the keys ${before?.accessKeyId ?? "?"} before; any other that npx pulumi-ostor orphans lists may come from this run: revoke it with npx pulumi-ostor revoke-key <id>, then run pulumi up again`,
      ),
      message,
    );
    assert.equal(onCluster().length, 2);
    assert.equal(cluster.operations().filter((name) => name === "generateKey").length, 1);
  });
});

describe("generateKey, when nothing shows after a lost answer", () => {
  const { cluster, read } = useUser();

  it("names the pairs from before as well: one may show later", async () => {
    const user = await read();
    const session = cluster.open({ maxRetries: "0" });
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetBefore" });
    const error = await failureOf(session.generateKey(user));
    assert(error instanceof NetworkError);
    assert(error.message.includes(`had the keys ${keyIds(user)} before; any other`));
  });

  it("doesn't after a 429, which wasn't carried out", async () => {
    const user = await read();
    const session = cluster.open({ maxRetries: "0" });
    cluster.emulator.failNext({ operation: "generateKey", kind: "status", status: 429 });
    const { message } = await failureOf(session.generateKey(user));
    assert(!message.includes("before;"), message);
  });
});

describe("generateKey, where reads are late", () => {
  for (const genKeyReply of ["new", "all"] as const) {
    const { cluster, onCluster } = useUser({ genKeyReply, lagMs: 60 });
    const both = async () => {
      const [automatic] = onCluster();
      cluster.emulator.cluster.revokeKey(automatic?.accessKeyId ?? "");
      await new Promise((resolve) => setTimeout(resolve, 70));
      const user = await clientOf(cluster.session).getUser(address);
      assert.deepEqual(user?.accessKeys, []);
      return user;
    };

    it(`takes each of two pairs for its own (${genKeyReply})`, async () => {
      const user = await both();
      const pairs = [
        await cluster.session.generateKey(user),
        await cluster.session.generateKey(user),
      ];
      assert.deepEqual(pairs, onCluster());
    });

    it(`makes no second pair for one that shows late after a lost answer (${genKeyReply})`, async () => {
      const user = await both();
      cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
      assert.deepEqual([await cluster.session.generateKey(user)], onCluster());
    });
  }
});

describe("keys of a disabled user, where the service changes those of enabled ones only", () => {
  const { cluster, read, onCluster } = useUser({ keysInDisabledUser: false });
  const hint = /; the user is disabled, .* set state: "enabled" first$/;

  it("are refused with a line that says so", async () => {
    cluster.emulator.cluster.setUserState(address, "disabled");
    const user = await read();
    assert.match((await failureOf(cluster.session.generateKey(user))).message, hint);
    const id = onCluster()[0]?.accessKeyId ?? "";
    assert.match((await failureOf(cluster.session.revokeKey(user, id))).message, hint);
  });
});

describe("generateKey, where secrets can't be read", () => {
  const { cluster, read, onCluster } = useUser({ secretsReadable: false });

  it("gives a pair without its secret when the answer was lost", async () => {
    const user = await read();
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    assert.deepEqual(await cluster.session.generateKey(user), {
      accessKeyId: onCluster()[1]?.accessKeyId,
      secretAccessKey: undefined,
    });
  });
});

describe("revokeKey", () => {
  const { cluster, read, onCluster } = useUser();
  const firstId = () => onCluster()[0]?.accessKeyId ?? "";

  it("revokes", async () => {
    await cluster.session.revokeKey(await read(), firstId());
    assert.deepEqual(onCluster(), []);
  });

  it("never revokes the key that signs the requests, and says what to set first", async () => {
    const user = await read();
    const own = cluster.open({ accessKeyId: firstId() });
    const { message } = await failureOf(own.revokeKey(user, firstId()));
    assert.match(message, /it signs the requests of this stack and was not revoked; set another/);
    assert.match(message, /pulumi config set ostor:accessKeyId/);
    assert.deepEqual(cluster.operations(), []);
  });

  it("counts a pair as revoked that is no longer there, whatever the service says", async () => {
    const user = await read();
    const id = firstId();
    cluster.emulator.cluster.revokeKey(id);
    await cluster.session.revokeKey(user, id);
    assert.deepEqual(cluster.operations(), ["revokeKey", "getUser"]);
  });

  it("counts a pair as revoked whose user is gone", async () => {
    const user = await read();
    const id = firstId();
    cluster.emulator.cluster.deleteUser(address);
    await cluster.session.revokeKey(user, id);
    assert.deepEqual(cluster.operations(), ["revokeKey", "getUser", "listUsers"]);
  });

  it("doesn't count as revoked what a foreign web server's 404 says", async () => {
    const user = await read();
    for (const operation of ["revokeKey", "getUser", "listUsers"]) {
      cluster.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    await failureOf(cluster.session.revokeKey(user, firstId()));
    assert.equal(onCluster().length, 1);
  });

  it("counts a revocation as done whose answer was lost", async () => {
    const user = await read();
    cluster.emulator.failNext({ operation: "revokeKey", kind: "resetAfter" });
    await cluster.session.revokeKey(user, firstId());
    assert.deepEqual(onCluster(), []);
  });

  it("passes a refusal on while the pair is there", async () => {
    const user = await read();
    cluster.emulator.failNext({ operation: "revokeKey", kind: "status", status: 409 });
    const error = await failureOf(cluster.session.revokeKey(user, firstId()));
    assert(error instanceof ApiError);
    assert.equal(error.status, 409);
    assert.equal(onCluster().length, 1);
  });

  it("passes rejected credentials and a network failure on without a look", async () => {
    const user = await read();
    cluster.emulator.failNext({ operation: "revokeKey", kind: "status", status: 403 });
    const rejected = await failureOf(cluster.session.revokeKey(user, firstId()));
    assert(rejected instanceof ApiError);
    const { session } = { session: cluster.open({ maxRetries: "0" }) };
    cluster.emulator.failNext({ operation: "revokeKey", kind: "resetBefore" });
    const torn = await failureOf(session.revokeKey(user, firstId()));
    assert(torn instanceof NetworkError);
    assert(!cluster.operations().includes("getUser"));
  });
});
