import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator";
import { accessKeyLifecycle } from "../../../provider/resources/accessKey/accessKey";
import { ApiError } from "../../../provider/api/errors";
import { PartialError, type Bag } from "../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../provider/resources/user/user";
import {
  changesOf,
  failureOf,
  fromState,
  revealed,
  useEmulator,
  userOn,
  withCluster,
  withWebServer,
} from "../harness";

const address = "ops@acme.example";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A cluster with one user who has no keys. */
function useUser(assumptions: NonNullable<EmulatorOptions["assumptions"]> = {}) {
  const setup = useEmulator({ assumptions });
  beforeEach(() => {
    const [pair] = setup.emulator.cluster.createUser(address).accessKeys;
    setup.emulator.cluster.revokeKey(pair?.accessKeyId ?? "");
  });
  const inputs = (more: Bag = {}): Bag => {
    const checked = accessKeyLifecycle.check({ user: address, ...more });
    assert.deepEqual(checked.failures, []);
    return checked.inputs;
  };
  const create = (more: Bag = {}) => accessKeyLifecycle.create(setup.cluster, inputs(more));
  const made = async (more: Bag = {}) => {
    const { id, outs } = await create(more);
    setup.emulator.clearRequests();
    return { id, state: fromState(outs) };
  };
  const pairs = () => userOn(setup.emulator, address).accessKeys;
  const userId = () => userOn(setup.emulator, address).userId;
  return { setup, inputs, create, made, pairs, userId };
}

describe("check of an access key", () => {
  it("fills in the order of a replacement, and takes an address alone", () => {
    assert.deepEqual(accessKeyLifecycle.check({ user: address }), {
      inputs: { user: address, replaceOrder: "create-first" },
      failures: [],
    });
  });

  it("names what is wrong", () => {
    const news = { user: "nobody", keepers: "x", replaceOrder: "first", adopt: "a b" };
    const { failures } = accessKeyLifecycle.check(news);
    assert.deepEqual(failures.map(({ property }) => property).sort(), [
      "adopt",
      "keepers",
      "replaceOrder",
      "user",
    ]);
  });
});

for (const genKeyReply of ["new", "all"] as const) {
  describe(`create of an access key, where genKey answers with ${genKeyReply} pairs`, () => {
    const { setup, create, pairs, userId } = useUser({ genKeyReply });

    it("gives the new pair, its secret marked", async () => {
      const { id, outs } = await create({ keepers: { rotated: "2026-11" } });
      const [pair] = pairs();
      assert.equal(id, pair?.accessKeyId);
      const { secretAccessKey, ...plain } = outs;
      assert.equal(revealed(secretAccessKey), pair?.secretAccessKey);
      assert.deepEqual(plain, {
        emailAddress: address,
        userId: userId(),
        accessKeyId: id,
        keepers: { rotated: "2026-11" },
      });
    });

    it("gives two that are made at once different pairs, each with its own secret", async () => {
      const both = await Promise.all([create(), create()]);
      const told = both.map(({ id, outs }) => [id, revealed(outs["secretAccessKey"])]);
      const there = pairs().map(({ accessKeyId, secretAccessKey }) => [
        accessKeyId,
        secretAccessKey,
      ]);
      assert.deepEqual(told.sort(), there.sort());
      assert.equal(there.length, 2);
    });

    it("refuses the third of three made at once before anything is sent for it", async () => {
      const all = await Promise.allSettled([create(), create(), create()]);
      assert.deepEqual(
        all.map(({ status }) => status),
        ["fulfilled", "fulfilled", "rejected"],
      );
      assert.equal(setup.operations().filter((name) => name === "generateKey").length, 2);
    });
  });
}

describe("create of an access key", () => {
  const { setup, create, inputs, made, pairs, userId } = useUser();

  it("refuses a third pair, naming the two and the command that tells which is whose", async () => {
    const one = await made();
    const two = await made();
    const { message } = await failureOf(create());
    assert(message.includes(`(${one.id}, ${two.id}), and other resources of this`), message);
    const other = accessKeyLifecycle.create(setup.open(), inputs());
    const { message: unknown } = await failureOf(other);
    assert(unknown.includes(`(${one.id}, ${two.id}); npx pulumi-ostor orphans `), unknown);
    assert.deepEqual(setup.operations(), ["getUser", "getUser"]);
  });

  it("names a user who isn't there", async () => {
    setup.emulator.cluster.deleteUser(address);
    assert.equal(
      (await failureOf(create())).message,
      `create a key of user ${address}: the user does not exist on the cluster`,
    );
  });

  it("makes no key for a user who was made anew under the address", async () => {
    const { message } = await failureOf(create({ userId: "0123456789abcdef" }));
    assert.match(message, /a different user under this address.*was 0123456789abcdef/);
    assert.deepEqual(pairs(), []);
  });

  it("adopts the pair of an id, with its secret, and generates none", async () => {
    const pair = setup.emulator.cluster.generateKey(address);
    const { id, outs } = await create({ adopt: pair.accessKeyId, userId: userId() });
    assert.equal(id, pair.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), pair.secretAccessKey);
    assert.deepEqual(setup.operations(), ["getUser"]);
  });

  it("refuses to adopt a pair that never was this user's, naming those it has", async () => {
    const { accessKeyId } = setup.emulator.cluster.generateKey(address);
    const { message } = await failureOf(create({ adopt: "0123456789abcdefABCD" }));
    assert.equal(
      message,
      `adopt key 0123456789abcdefABCD of user ${address}: the user has no such key (it has ${accessKeyId}); remove adopt to generate a key`,
    );
    assert.equal(pairs().length, 1);
  });

  it("generates a pair, and says so, when the one to adopt is no longer there", async () => {
    const gone = `${userId()}GONE`;
    const { id } = await create({ adopt: gone });
    assert.equal(id, pairs()[0]?.accessKeyId);
    assert.deepEqual(setup.warnings, [
      `warning: adopt key ${gone} of user ${address}: the user has no such key (it has none); a new key is generated`,
    ]);
  });

  it("generates pairs, and says so, for a user whom the run made anew after the adopted one was deleted", async () => {
    const gone = ["AAAA", "BBBB"].map((end) => `${userId()}${end}`);
    setup.emulator.cluster.deleteUser(address);
    const news = userLifecycle.check({ emailAddress: address }).inputs;
    await userLifecycle.create(setup.cluster, news);
    for (const adopt of gone) await create({ adopt, userId: userId() });
    assert.equal(pairs().length, 2);
    assert.deepEqual(
      setup.warnings.map(
        (text) => /^warning: adopt key (\w+) .*a new key is generated$/.exec(text)?.[1],
      ),
      gone,
    );
  });

  for (const kind of ["resetAfter", "halfAnswer", "emptyBody", "wrongShape"] as const) {
    it(`takes the pair it made when the answer is lost (${kind})`, async () => {
      setup.emulator.failNext({ operation: "generateKey", kind });
      const { id } = await create();
      assert.deepEqual(
        pairs().map(({ accessKeyId }) => accessKeyId),
        [id],
      );
    });
  }
});

describe("create of an access key, where secrets can't be read", () => {
  const { setup, create, inputs, made, pairs } = useUser({ secretsReadable: false });

  it("has the secret that genKey told", async () => {
    const { outs } = await create();
    assert.equal(revealed(outs["secretAccessKey"]), pairs()[0]?.secretAccessKey);
  });

  it("keeps a pair in state whose secret nobody tells, and says what to do", async () => {
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const error = await failureOf(create());
    assert(error instanceof PartialError);
    const id = pairs()[0]?.accessKeyId ?? "";
    assert.equal(error.id, id);
    assert.match(
      error.message,
      /exists, but the service does not return its secret; ask .* or rotate it/,
    );
    assert.equal("secretAccessKey" in error.properties, false);
    assert.equal(error.properties["accessKeyId"], id);
  });

  it("keeps its keepers half-made, and the next update fails again until the secret is told", async () => {
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const more = { keepers: { rotated: "1" } };
    const first = await failureOf(create(more));
    assert(first instanceof PartialError);
    assert.deepEqual(first.properties["keepers"], more.keepers);
    const { id, properties } = first;
    const again = await failureOf(
      accessKeyLifecycle.update(setup.cluster, id, properties, inputs(more)),
    );
    assert(again instanceof PartialError);
    assert.equal(again.message, first.message);
    assert.deepEqual(again.properties, properties);
    const { changes } = await changesOf(
      accessKeyLifecycle.diff(setup.cluster, id, properties, inputs(more)),
    );
    assert.equal(changes, true, "a refresh takes the engine's own mark away");
  });

  it("keeps the secret in state when a read no longer tells it", async () => {
    const { id, state } = await made();
    const { props } = await accessKeyLifecycle.read(setup.cluster, id, state);
    assert.equal(revealed(props?.["secretAccessKey"]), pairs()[0]?.secretAccessKey);
  });
});

describe("create of an access key, where genKey leaves the secret out", () => {
  it("reads the secret of the new pair, not of the one there before", async () => {
    const pair = (name: string, secret?: string) => ({
      AWSAccessKeyId: `ca55631f9f3d59dc${name}`,
      AWSSecretAccessKey: secret,
    });
    const pairs = [pair("AAAA", "OF THE FIRST")];
    const answer = (keys: object[]) =>
      JSON.stringify({ UserEmail: address, UserId: "ca55631f9f3d59dc", AWSAccessKeys: keys });
    await withWebServer(
      (request, response) => {
        if (request.method !== "POST") return response.end(answer(pairs));
        pairs.push(pair("BBBB", "OF THE SECOND"));
        return response.end(answer([pair("AAAA"), pair("BBBB", "")]));
      },
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          const inputs = { user: address, replaceOrder: "create-first" };
          const { id, outs } = await accessKeyLifecycle.create(cluster, inputs);
          assert.equal(id, "ca55631f9f3d59dcBBBB");
          assert.equal(revealed(outs["secretAccessKey"]), "OF THE SECOND");
        });
      },
    );
  });
});

describe("diff of an access key", () => {
  const { setup, inputs, made } = useUser();
  const diff = (state: Bag, more: Bag = {}) =>
    changesOf(
      accessKeyLifecycle.diff(setup.cluster, String(state["accessKeyId"]), state, inputs(more)),
    );

  it("finds no change where nothing changed, and asks nobody", async () => {
    const { state } = await made({ keepers: { rotated: "1" } });
    const same = { keepers: { rotated: "1" }, userId: state["userId"] };
    assert.deepEqual(await diff(state, same), { changes: false });
    assert.deepEqual(setup.operations(), []);
  });

  it("finds no change in replaceOrder, adopt, and keepers that are none", async () => {
    const { state } = await made();
    for (const more of [{ replaceOrder: "delete-first" }, { adopt: "A" }, { keepers: {} }]) {
      assert.deepEqual(await diff(state, more), { changes: false });
    }
  });

  for (const [name, keepers] of [
    ["with another value", { rotated: "2" }],
    ["with one more", { rotated: "1", more: "x" }],
    ["that are none", {}],
    ["left out", undefined],
  ] as const) {
    it(`replaces for keepers ${name}`, async () => {
      const { state } = await made({ keepers: { rotated: "1" } });
      assert.deepEqual(await diff(state, { keepers }), {
        changes: true,
        replaces: ["keepers"],
        deleteBeforeReplace: false,
      });
    });
  }

  it("doesn't replace because a state lacks the user's id, as an older one may", async () => {
    const { state } = await made();
    const { userId, ...older } = state;
    assert.deepEqual(await diff(older, { userId }), { changes: false });
  });

  it("replaces for another user, and for another id of the user", async () => {
    const { state } = await made();
    const user = await diff(state, { user: "new@acme.example" });
    assert.deepEqual(user.replaces, ["user"]);
    const id = await diff(state, { userId: "0123456789abcdef" });
    assert.deepEqual(id.replaces, ["userId"]);
  });

  it("doesn't replace because a preview of an update in place doesn't know the user's id", async () => {
    const { state } = await made();
    assert.deepEqual(await diff(state, { userId: unknown }), { changes: false });
  });

  it("deletes first where that is asked for", async () => {
    const { state } = await made();
    const difference = await diff(state, { keepers: { a: "b" }, replaceOrder: "delete-first" });
    assert.equal(difference.deleteBeforeReplace, true);
  });

  it("refuses to revoke a key ahead of a replacement that its user's buckets forbid", async () => {
    const { id, state } = await made();
    setup.emulator.cluster.createBucket("inventory", address);
    await failureOf(diff(state, { user: unknown }));
    const { message } = await failureOf(diff(state, { user: unknown, userId: unknown }));
    assert.match(
      message,
      /^replace user ops@acme\.example: refused, it owns bucket inventory \(0 B\)/,
    );
    assert(message.includes(`its key ${id} would be revoked before; nothing was changed`), message);
  });

  it("takes no 404 of another web server for an owner of nothing, and revokes nothing", async () => {
    const { state } = await made();
    setup.emulator.cluster.createBucket("inventory", address);
    const foreign = { operation: "listBuckets", kind: "html", status: 404 } as const;
    const refused = async () =>
      (await failureOf(diff(state, { user: unknown, userId: unknown }))).message;
    setup.emulator.failNext(foreign);
    assert.match(await refused(), /refused, it owns bucket inventory \(0 B\)/);
    setup.emulator.failNext({ ...foreign, times: 1000 });
    assert.match(
      await refused(),
      /^list buckets of user \w{16}: the service answered 404.*; user ops@acme\.example exists, .* nothing of it was changed; try again later; on/,
    );
  });

  it("lets the replacement of a user without buckets pass", async () => {
    const { state } = await made();
    const { replaces } = await diff(state, { user: unknown, userId: unknown });
    assert.deepEqual(replaces, ["user"]);
  });

  it("goes on with a replacement whose user is gone already", async () => {
    const { state } = await made();
    setup.emulator.cluster.deleteUser(address);
    assert.deepEqual((await diff(state, { user: unknown })).replaces, ["user"]);
  });

  it("needs no settings", async () => {
    const { id, state } = await made();
    const news = inputs({ user: "new@acme.example" });
    assert.equal(
      (await changesOf(accessKeyLifecycle.diff(undefined, id, state, news))).changes,
      true,
    );
  });
});

describe("read of an access key", () => {
  const { setup, made, pairs, userId } = useUser();
  const read = (id: string, state: Bag) => accessKeyLifecycle.read(setup.cluster, id, state);

  it("tells what is there: outputs, and the inputs that fit them", async () => {
    const { id, state } = await made({ keepers: { rotated: "1" } });
    const { id: found, props, inputs } = await read(id, state);
    assert.equal(found, id);
    assert.deepEqual(fromState(props), state);
    assert.equal(revealed(props?.["secretAccessKey"]), pairs()[0]?.secretAccessKey);
    assert.deepEqual(inputs, {
      user: address,
      userId: userId(),
      replaceOrder: "create-first",
      keepers: { rotated: "1" },
    });
  });

  it("brings back a secret that the state lost", async () => {
    const { id, state } = await made();
    const { secretAccessKey, ...lost } = state;
    const { props } = await read(id, lost);
    assert.equal(revealed(props?.["secretAccessKey"]), secretAccessKey);
  });

  it("reads a key that was revoked outside as gone", async () => {
    const { id, state } = await made();
    setup.emulator.cluster.revokeKey(id);
    assert.deepEqual(await read(id, state), {});
  });

  it("reads a key whose user was deleted outside as gone", async () => {
    const { id, state } = await made();
    setup.emulator.cluster.deleteUser(address);
    assert.deepEqual(await read(id, state), {});
  });

  it("reads a key whose user was made anew outside as gone", async () => {
    const { id, state } = await made();
    setup.emulator.cluster.deleteUser(address);
    setup.emulator.cluster.createUser(address);
    assert.deepEqual(await read(id, state), {});
  });

  it("finds a key by its id alone, through the first 16 characters", async () => {
    const { accessKeyId, secretAccessKey } = setup.emulator.cluster.generateKey(address);
    const { props } = await read(accessKeyId, {});
    assert.deepEqual(fromState(props), {
      emailAddress: address,
      userId: userId(),
      accessKeyId,
      secretAccessKey,
    });
    assert.deepEqual(setup.operations(), ["getUserById"]);
  });

  it("fails for an id that nobody has", async () => {
    const { message } = await failureOf(read("0123456789abcdefABCD", {}));
    assert.match(message, /^read key 0123456789abcdefABCD: no user of the cluster has it; /);
  });

  it("fails on a web server that answers 404 to everything", async () => {
    const { id, state } = await made();
    await withWebServer(
      (_, response) => response.writeHead(404).end(),
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          for (const known of [state, {}]) {
            const error = await failureOf(accessKeyLifecycle.read(cluster, id, known));
            assert(error instanceof ApiError);
          }
        });
      },
    );
  });
});

describe("read of an access key whose id doesn't begin with its user's", () => {
  const id = "CUSTOMKEYOFTHEPANEL1";
  const user = {
    UserEmail: address,
    UserId: "ca55631f9f3d59dc",
    AWSAccessKeys: [{ AWSAccessKeyId: id, AWSSecretAccessKey: "SECRET" }],
  };

  it("finds it through the list, where that shows keys", async () => {
    await withWebServer(
      (request, response) => {
        if (request.url === "/?ostor-users") response.end(JSON.stringify([user]));
        else if (request.url?.includes("&id=") === true) response.writeHead(404).end();
        else response.end(JSON.stringify(user));
      },
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          const { props } = await accessKeyLifecycle.read(cluster, id, {});
          assert.equal(props?.["emailAddress"], address);
          assert.equal(revealed(props["secretAccessKey"]), "SECRET");
        });
      },
    );
  });
});

describe("update of an access key", () => {
  const { setup, inputs, made, pairs } = useUser();

  it("finishes a half-made one: reads its secret, and stores keepers", async () => {
    const { id, state } = await made();
    const { secretAccessKey: _, ...half } = state;
    const news = inputs({ keepers: { rotated: "1" } });
    const { outs } = await accessKeyLifecycle.update(setup.cluster, id, half, news);
    assert.equal(revealed(outs["secretAccessKey"]), pairs()[0]?.secretAccessKey);
    assert.deepEqual(outs["keepers"], { rotated: "1" });
  });

  it("says that the key is gone, and with what to go on", async () => {
    const { id, state } = await made();
    setup.emulator.cluster.revokeKey(id);
    const work = accessKeyLifecycle.update(setup.cluster, id, state, inputs());
    assert.equal(
      (await failureOf(work)).message,
      `read key ${id} of user ${address}: it does not exist any more; run: pulumi up --refresh`,
    );
  });
});

describe("delete of an access key", () => {
  const { setup, made, pairs } = useUser();
  const remove = (id: string, state: Bag) => accessKeyLifecycle.delete(setup.cluster, id, state);

  it("revokes exactly this pair", async () => {
    const { id, state } = await made();
    const other = await made();
    await remove(id, state);
    assert.deepEqual(
      pairs().map(({ accessKeyId }) => accessKeyId),
      [other.id],
    );
  });

  it("is done when the key is gone already, or its user", async () => {
    const { id, state } = await made();
    setup.emulator.cluster.revokeKey(id);
    await remove(id, state);
    setup.emulator.cluster.deleteUser(address);
    await remove(id, state);
    assert(!setup.operations().includes("revokeKey"));
  });

  it("revokes nothing of a user who was made anew under the address", async () => {
    const { id, state } = await made();
    await remove(id, { ...state, userId: "0123456789abcdef" });
    assert.equal(pairs().length, 1);
  });

  it("revokes a key of a state that doesn't hold its user's id, as an older one may not", async () => {
    const { id, state } = await made();
    const { userId: _, ...older } = state;
    await remove(id, older);
    assert.deepEqual(pairs(), []);
  });

  it("doesn't count as done what a foreign web server's 404 says", async () => {
    const { id, state } = await made();
    for (const operation of ["getUser", "getUser", "listUsers"]) {
      setup.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    await failureOf(remove(id, state));
    assert.equal(pairs().length, 1);
  });
});
