import assert from "node:assert/strict";
import { ApiError, NetworkError } from "../../../../provider/api/errors";
import { PartialError, type Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import {
  changesOf,
  clientOf,
  failureOf,
  fromState,
  openWith,
  revealed,
  useCluster,
  userOn,
} from "../../harness";
import { address, declared, partialErrorOf } from "./declared";

describe("create of a user whose PUT is answered without keys", () => {
  const cluster = useCluster();
  const halfMadeUser = async (inputs: Bag) => {
    const session = cluster.open({ maxRetries: "0" });
    const client = clientOf(session);
    const createUser = async (who: string) => ({
      ...(await client.createUser(who)),
      accessKeys: [],
    });
    let gets = 0;
    const getUser = (who: string) =>
      gets++ === 0
        ? client.getUser(who)
        : Promise.reject(new NetworkError("read user", "http://s3", new Error("torn")));
    const half = openWith(session.settings, { client: { ...client, createUser, getUser } });
    return (await partialErrorOf(userLifecycle.create(half, inputs))).properties;
  };

  it("keeps the user in state, and the next update revokes the pair that came with it", async () => {
    const state = fromState(await halfMadeUser(declared()));
    assert.equal(state["userId"], userOn(cluster.emulator, address).userId);
    const { outs } = await userLifecycle.update(cluster.session, address, state, declared());
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
    assert.equal(outs["createAccessKey"], false);
  });

  it("takes that pair for its own where it was asked for, also after a refresh", async () => {
    const inputs = declared({ createAccessKey: true });
    const half = fromState(await halfMadeUser(inputs));
    const { props } = await userLifecycle.read(cluster.session, address, half);
    for (const state of [half, fromState(props)]) {
      const { outs } = await userLifecycle.update(cluster.session, address, state, inputs);
      const [pair] = userOn(cluster.emulator, address).accessKeys;
      assert.equal(outs["accessKeyId"], pair?.accessKeyId);
      assert.equal(revealed(outs["secretAccessKey"]), pair?.secretAccessKey);
    }
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
  });

  it("revokes none of several, and names them", async () => {
    const state = fromState(await halfMadeUser(declared()));
    cluster.emulator.cluster.generateKey(address);
    await userLifecycle.update(cluster.session, address, state, declared());
    const pairs = userOn(cluster.emulator, address).accessKeys;
    assert.equal(pairs.length, 2);
    for (const { accessKeyId } of pairs) assert(cluster.warnings[0]?.includes(accessKeyId));
  });
});

describe("a user where the service changes keys of enabled users only", () => {
  const cluster = useCluster({ assumptions: { keysInDisabledUser: false } });

  it("is created disabled and without a pair", async () => {
    const { outs } = await userLifecycle.create(cluster.session, declared({ state: "disabled" }));
    const user = userOn(cluster.emulator, address);
    assert.deepEqual([user.state, user.accessKeys], ["disabled", []]);
    assert.deepEqual([outs["state"], "accessKeyId" in outs], ["disabled", false]);
  });

  it("is enabled before its pair is generated", async () => {
    const { outs } = await userLifecycle.create(cluster.session, declared({ state: "disabled" }));
    const news = declared({ createAccessKey: true });
    await userLifecycle.update(cluster.session, address, fromState(outs), news);
    const user = userOn(cluster.emulator, address);
    assert.deepEqual([user.state, user.accessKeys.length], ["enabled", 1]);
  });
});

describe("an own pair whose secret nobody tells", () => {
  const cluster = useCluster({ assumptions: { secretsReadable: false } });
  const inputs = () => declared({ createAccessKey: true });

  it("is kept half-made, and fails again until it is told", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    const first = await partialErrorOf(userLifecycle.create(cluster.session, inputs()));
    const id = userOn(cluster.emulator, address).accessKeys[0]?.accessKeyId ?? "?";
    assert(first.message.includes(`key ${id} of user ${address} exists, but`), first.message);
    assert.equal(first.properties["accessKeyId"], id);
    const state = fromState(first.properties);
    const again = await partialErrorOf(
      userLifecycle.update(cluster.session, address, state, inputs()),
    );
    assert.equal(again.message, first.message);
    const { outs } = await userLifecycle.update(cluster.session, address, state, declared());
    assert.equal("accessKeyId" in outs, false, "the way out that the message names");
  });

  it("is half-made beside a suspension from outside, which stays", async () => {
    const state = fromState((await userLifecycle.create(cluster.session, declared())).outs);
    cluster.emulator.cluster.setUserState(address, "disabled");
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const first = await partialErrorOf(
      userLifecycle.update(cluster.session, address, state, inputs()),
    );
    const reached = fromState(first.properties);
    await partialErrorOf(userLifecycle.update(cluster.session, address, reached, inputs()));
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
  });
});

describe("create of a user on a cluster that keeps a last pair", () => {
  const cluster = useCluster({ assumptions: { lastKeyRevocable: false } });

  it("keeps the pair as the user's own and warns, and no diff comes of it", async () => {
    const inputs = declared();
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], pair?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), pair?.secretAccessKey);
    assert.equal(cluster.warnings.length, 1);
    assert.match(
      cluster.warnings[0] ?? "",
      /^warning: revoke key .*LastKey.*the user keeps it as its own/,
    );
    assert(!cluster.warnings[0]?.includes(pair?.secretAccessKey ?? "?"));
    const difference = await changesOf(
      userLifecycle.diff(cluster.session, address, fromState(outs), inputs),
    );
    assert.deepEqual(difference, { changes: false });
  });

  const ids = () => userOn(cluster.emulator, address).accessKeys.map((each) => each.accessKeyId);
  const update = async (state: Bag, more: Bag) => {
    const { outs } = await userLifecycle.update(cluster.open(), address, state, declared(more));
    return fromState(outs);
  };
  const kept = async () => {
    const state = fromState((await userLifecycle.create(cluster.session, declared())).outs);
    // Beside another one the service would let it go.
    cluster.emulator.cluster.generateKey(address);
    return { state, before: ids() };
  };

  for (const more of [{ deleteEmptyBuckets: true }, { state: "disabled" }]) {
    it(`goes on keeping it when ${JSON.stringify(more)} is all that is asked for`, async () => {
      const { state, before } = await kept();
      assert.deepEqual(await update(state, more), { ...state, ...more });
      assert.deepEqual(ids(), before);
    });
  }

  it("keeps it also over an update that fails and one that follows", async () => {
    const { state, before } = await kept();
    cluster.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const failing = update(state, { state: "disabled" });
    assert.equal((await failureOf(failing)) instanceof PartialError, false);
    await update(state, { state: "disabled" });
    assert.deepEqual(ids(), before);
  });

  it("revokes it when that is asked for anew: createAccessKey: true, then false", async () => {
    const { state, before } = await kept();
    const own = await update(state, { createAccessKey: true });
    assert.equal(own["accessKeyId"], before[0]);
    const { accessKeyId } = await update(own, {});
    assert.equal(accessKeyId, undefined);
    assert.deepEqual(ids(), before.slice(1));
  });
});

describe("a user whose keys the service doesn't let go", () => {
  const refused = { operation: "revokeKey", kind: "status", times: 1000 } as const;

  describe("by a 403, though the credentials are right", () => {
    const cluster = useCluster({ assumptions: { lastKeyRevocable: false, lastKeyStatus: 403 } });

    it("keeps a last pair as its own, and nothing is said of credentials", async () => {
      const { outs } = await userLifecycle.create(cluster.session, declared());
      const [pair] = userOn(cluster.emulator, address).accessKeys;
      assert(pair);
      assert.equal(outs["accessKeyId"], pair.accessKeyId);
      assert.match(cluster.warnings.join(), /answered 403.*the user keeps it as its own/);
      assert.doesNotMatch(cluster.warnings.join(), /credentials/);
    });
  });

  describe("for trouble of its own", () => {
    const cluster = useCluster();
    const known = async () => {
      const { outs } = await userLifecycle.create(
        cluster.session,
        declared({ createAccessKey: true }),
      );
      cluster.emulator.cluster.generateKey(address);
      cluster.emulator.failNext({ ...refused, status: 405 });
      return fromState(outs);
    };
    const suspend = async (state: Bag) =>
      userLifecycle.update(cluster.session, address, state, declared({ state: "disabled" }));

    it("is suspended all the same, at once and in the state", async () => {
      const error = await partialErrorOf(suspend(await known()));
      assert.match(error.message, /^revoke key /);
      assert.equal(error.properties["state"], "disabled");
      assert.equal(userOn(cluster.emulator, address).state, "disabled");
    });

    it("is told as not suspended where that fails too", async () => {
      const state = await known();
      cluster.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
      const { message } = await failureOf(suspend(state));
      assert.match(
        message,
        /^revoke key .*; the user was not disabled either \(disable user .*405/,
      );
    });

    it("suspends nobody else who has its address by then", async () => {
      const { outs } = await userLifecycle.create(cluster.session, declared());
      const client = clientOf(cluster.session);
      const generate = client.generateKey.bind(client);
      client.generateKey = (who) => {
        cluster.emulator.cluster.deleteUser(address);
        cluster.emulator.cluster.createUser(address);
        return generate(who);
      };
      const news = declared({ createAccessKey: true, state: "disabled" });
      await failureOf(userLifecycle.update(cluster.session, address, fromState(outs), news));
      assert(!cluster.operations().includes("disableUser"));
      assert.equal(userOn(cluster.emulator, address).state, "enabled");
    });
  });

  describe("for it is disabled", () => {
    const cluster = useCluster({ assumptions: { keysInDisabledUser: false } });

    it("isn't said to keep a pair as its own: the next change may revoke it", async () => {
      const { outs } = await userLifecycle.create(
        cluster.session,
        declared({ createAccessKey: true, state: "disabled" }),
      );
      const news = declared({ state: "disabled" });
      const work = userLifecycle.update(cluster.open(), address, fromState(outs), news);
      assert.match((await failureOf(work)).message, /is disabled.*set state: "enabled" first$/);
      assert.deepEqual(cluster.warnings, []);
    });
  });

  describe("for they go by PUT", () => {
    const cluster = useCluster({ assumptions: { keysByPost: false, keysByPut: true } });

    it("says so, where it keeps the last one", async () => {
      await userLifecycle.create(cluster.session, declared());
      assert.match(cluster.warnings.join(), /is kept|releases 2\.x take keys by PUT/);
      assert.match(cluster.warnings.join(), /config set ostor:dialect put/);
    });
  });

  describe("because these credentials may do nothing", () => {
    const cluster = useCluster();

    it("isn't said to keep anything", async () => {
      const { outs } = await userLifecycle.create(
        cluster.session,
        declared({ createAccessKey: true }),
      );
      const session = cluster.open();
      const reads = clientOf(session).getUser.bind(clientOf(session));
      let count = 0;
      clientOf(session).getUser = (who) => {
        if ((count += 1) > 1) {
          cluster.emulator.failNext({ operation: "getUser", kind: "status", status: 403 });
        }
        return reads(who);
      };
      cluster.emulator.failNext({ ...refused, status: 403 });
      const work = userLifecycle.update(session, address, fromState(outs), declared());
      const error = await failureOf(work);
      assert(error instanceof ApiError, error.message);
      assert.deepEqual(cluster.warnings, []);
    });
  });
});
