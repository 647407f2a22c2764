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
  useEmulator,
  userOn,
} from "../../harness";
import { address, declared, partialErrorOf } from "./declared";

describe("create of a user whose PUT returns no keys", () => {
  const setup = useEmulator();
  const createPartially = async (inputs: Bag) => {
    const cluster = setup.open({ maxRetries: "0" });
    const client = clientOf(cluster);
    const createUser = async (who: string) => ({
      ...(await client.createUser(who)),
      accessKeys: [],
    });
    let gets = 0;
    const getUser = (who: string) =>
      gets++ === 0
        ? client.getUser(who)
        : Promise.reject(new NetworkError("read user", "http://s3", new Error("torn")));
    const incomplete = openWith(cluster.settings, { client: { ...client, createUser, getUser } });
    return (await partialErrorOf(userLifecycle.create(incomplete, inputs))).properties;
  };

  it("keeps the user in state, and the next update revokes its first key", async () => {
    const state = fromState(await createPartially(declared()));
    assert.equal(state["userId"], userOn(setup.emulator, address).userId);
    const { outs } = await userLifecycle.update(setup.cluster, address, state, declared());
    assert.deepEqual(userOn(setup.emulator, address).accessKeys, []);
    assert.equal(outs["createAccessKey"], false);
  });

  it("keeps that key as the user's own if createAccessKey is set, also after a refresh", async () => {
    const inputs = declared({ createAccessKey: true });
    const partial = fromState(await createPartially(inputs));
    const { props } = await userLifecycle.read(setup.cluster, address, partial);
    for (const state of [partial, fromState(props)]) {
      const { outs } = await userLifecycle.update(setup.cluster, address, state, inputs);
      const [key] = userOn(setup.emulator, address).accessKeys;
      assert.equal(outs["accessKeyId"], key?.accessKeyId);
      assert.equal(revealed(outs["secretAccessKey"]), key?.secretAccessKey);
    }
    assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
  });

  it("revokes none of several keys, and names them", async () => {
    const state = fromState(await createPartially(declared()));
    setup.emulator.cluster.generateKey(address);
    await userLifecycle.update(setup.cluster, address, state, declared());
    const keys = userOn(setup.emulator, address).accessKeys;
    assert.equal(keys.length, 2);
    for (const { accessKeyId } of keys) assert(setup.warnings[0]?.includes(accessKeyId));
  });
});

describe("a user where the service only changes keys of enabled users", () => {
  const setup = useEmulator({ assumptions: { keysInDisabledUser: false } });

  it("is created disabled and without a key", async () => {
    const { outs } = await userLifecycle.create(setup.cluster, declared({ state: "disabled" }));
    const user = userOn(setup.emulator, address);
    assert.deepEqual([user.state, user.accessKeys], ["disabled", []]);
    assert.deepEqual([outs["state"], "accessKeyId" in outs], ["disabled", false]);
  });

  it("is enabled before its key is generated", async () => {
    const { outs } = await userLifecycle.create(setup.cluster, declared({ state: "disabled" }));
    const news = declared({ createAccessKey: true });
    await userLifecycle.update(setup.cluster, address, fromState(outs), news);
    const user = userOn(setup.emulator, address);
    assert.deepEqual([user.state, user.accessKeys.length], ["enabled", 1]);
  });
});

describe("an own key whose secret cannot be read", () => {
  const setup = useEmulator({ assumptions: { secretsReadable: false } });
  const inputs = () => declared({ createAccessKey: true });

  it("leaves the user partially created, and fails again until the secret can be read", async () => {
    setup.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    const first = await partialErrorOf(userLifecycle.create(setup.cluster, inputs()));
    const id = userOn(setup.emulator, address).accessKeys[0]?.accessKeyId ?? "?";
    assert(first.message.includes(`key ${id} of user ${address} exists, but`), first.message);
    assert.equal(first.properties["accessKeyId"], id);
    const state = fromState(first.properties);
    const again = await partialErrorOf(
      userLifecycle.update(setup.cluster, address, state, inputs()),
    );
    assert.equal(again.message, first.message);
    const { outs } = await userLifecycle.update(setup.cluster, address, state, declared());
    assert.equal("accessKeyId" in outs, false, "the way out that the message names");
  });

  it("leaves the user partially created and suspended if it was suspended outside", async () => {
    const state = fromState((await userLifecycle.create(setup.cluster, declared())).outs);
    setup.emulator.cluster.setUserState(address, "disabled");
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const first = await partialErrorOf(
      userLifecycle.update(setup.cluster, address, state, inputs()),
    );
    const reached = fromState(first.properties);
    await partialErrorOf(userLifecycle.update(setup.cluster, address, reached, inputs()));
    assert.equal(userOn(setup.emulator, address).state, "disabled");
  });
});

describe("create of a user on a cluster that does not revoke the last key", () => {
  const setup = useEmulator({ assumptions: { lastKeyRevocable: false } });

  it("keeps the key as the user's own and warns, and the diff is empty", async () => {
    const inputs = declared();
    const { outs } = await userLifecycle.create(setup.cluster, inputs);
    const [key] = userOn(setup.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], key?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), key?.secretAccessKey);
    assert.equal(setup.warnings.length, 1);
    assert.match(
      setup.warnings[0] ?? "",
      /^warning: revoke key .*LastKey.*the user keeps it as its own/,
    );
    assert(!setup.warnings[0]?.includes(key?.secretAccessKey ?? "?"));
    const difference = await changesOf(
      userLifecycle.diff(setup.cluster, address, fromState(outs), inputs),
    );
    assert.deepEqual(difference, { changes: false });
  });

  const ids = () => userOn(setup.emulator, address).accessKeys.map((each) => each.accessKeyId);
  const update = async (state: Bag, more: Bag) => {
    const { outs } = await userLifecycle.update(setup.open(), address, state, declared(more));
    return fromState(outs);
  };
  const kept = async () => {
    const state = fromState((await userLifecycle.create(setup.cluster, declared())).outs);
    // With a second key the service would revoke it.
    setup.emulator.cluster.generateKey(address);
    return { state, before: ids() };
  };

  for (const more of [{ deleteEmptyBuckets: true }, { state: "disabled" }]) {
    it(`keeps it when only ${JSON.stringify(more)} changes`, async () => {
      const { state, before } = await kept();
      assert.deepEqual(await update(state, more), { ...state, ...more });
      assert.deepEqual(ids(), before);
    });
  }

  it("keeps it across a failed update and the next one", async () => {
    const { state, before } = await kept();
    setup.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const failing = update(state, { state: "disabled" });
    assert.equal((await failureOf(failing)) instanceof PartialError, false);
    await update(state, { state: "disabled" });
    assert.deepEqual(ids(), before);
  });

  it("revokes it when createAccessKey is set to true, then to false", async () => {
    const { state, before } = await kept();
    const own = await update(state, { createAccessKey: true });
    assert.equal(own["accessKeyId"], before[0]);
    const { accessKeyId } = await update(own, {});
    assert.equal(accessKeyId, undefined);
    assert.deepEqual(ids(), before.slice(1));
  });
});

describe("a user whose keys the service does not revoke", () => {
  const refused = { operation: "revokeKey", kind: "status", times: 1000 } as const;

  describe("because of a 403, although the credentials are valid", () => {
    const setup = useEmulator({ assumptions: { lastKeyRevocable: false, lastKeyStatus: 403 } });

    it("keeps the last key as its own, and credentials are not mentioned", async () => {
      const { outs } = await userLifecycle.create(setup.cluster, declared());
      const [key] = userOn(setup.emulator, address).accessKeys;
      assert(key);
      assert.equal(outs["accessKeyId"], key.accessKeyId);
      assert.match(setup.warnings.join(), /answered 403.*the user keeps it as its own/);
      assert.doesNotMatch(setup.warnings.join(), /credentials/);
    });
  });

  describe("because of a server error", () => {
    const setup = useEmulator();
    const known = async () => {
      const { outs } = await userLifecycle.create(
        setup.cluster,
        declared({ createAccessKey: true }),
      );
      setup.emulator.cluster.generateKey(address);
      setup.emulator.failNext({ ...refused, status: 405 });
      return fromState(outs);
    };
    const suspend = async (state: Bag) =>
      userLifecycle.update(setup.cluster, address, state, declared({ state: "disabled" }));

    it("is suspended nevertheless, at once and in the state", async () => {
      const error = await partialErrorOf(suspend(await known()));
      assert.match(error.message, /^revoke key /);
      assert.equal(error.properties["state"], "disabled");
      assert.equal(userOn(setup.emulator, address).state, "disabled");
    });

    it("is reported as not suspended if that fails too", async () => {
      const state = await known();
      setup.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
      const { message } = await failureOf(suspend(state));
      assert.match(
        message,
        /^revoke key .*; the user was not disabled either \(disable user .*405/,
      );
    });

    it("does not suspend another user that has its address by then", async () => {
      const { outs } = await userLifecycle.create(setup.cluster, declared());
      const client = clientOf(setup.cluster);
      const generate = client.generateKey.bind(client);
      client.generateKey = (who) => {
        setup.emulator.cluster.deleteUser(address);
        setup.emulator.cluster.createUser(address);
        return generate(who);
      };
      const news = declared({ createAccessKey: true, state: "disabled" });
      await failureOf(userLifecycle.update(setup.cluster, address, fromState(outs), news));
      assert(!setup.operations().includes("disableUser"));
      assert.equal(userOn(setup.emulator, address).state, "enabled");
    });
  });

  describe("because it is disabled", () => {
    const setup = useEmulator({ assumptions: { keysInDisabledUser: false } });

    it("is not reported to keep a key as its own, because the next change may revoke it", async () => {
      const { outs } = await userLifecycle.create(
        setup.cluster,
        declared({ createAccessKey: true, state: "disabled" }),
      );
      const news = declared({ state: "disabled" });
      const work = userLifecycle.update(setup.open(), address, fromState(outs), news);
      assert.match((await failureOf(work)).message, /is disabled.*set state: "enabled" first$/);
      assert.deepEqual(setup.warnings, []);
    });
  });

  describe("because they are changed by PUT", () => {
    const setup = useEmulator({ assumptions: { keysByPost: false, keysByPut: true } });

    it("reports it if it keeps the last key", async () => {
      await userLifecycle.create(setup.cluster, declared());
      assert.match(setup.warnings.join(), /is kept|releases 2\.x take keys by PUT/);
      assert.match(setup.warnings.join(), /config set ostor:dialect put/);
    });
  });

  describe("because the credentials have no permissions", () => {
    const setup = useEmulator();

    it("is not reported to keep anything", async () => {
      const { outs } = await userLifecycle.create(
        setup.cluster,
        declared({ createAccessKey: true }),
      );
      const cluster = setup.open();
      const reads = clientOf(cluster).getUser.bind(clientOf(cluster));
      let count = 0;
      clientOf(cluster).getUser = (who) => {
        if ((count += 1) > 1) {
          setup.emulator.failNext({ operation: "getUser", kind: "status", status: 403 });
        }
        return reads(who);
      };
      setup.emulator.failNext({ ...refused, status: 403 });
      const work = userLifecycle.update(cluster, address, fromState(outs), declared());
      const error = await failureOf(work);
      assert(error instanceof ApiError, error.message);
      assert.deepEqual(setup.warnings, []);
    });
  });
});
