import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ApiError, NetworkError } from "../../provider/api/errors";
import { PartialError, type Bag } from "../../provider/resources/lifecycle";
import { userLifecycle } from "../../provider/resources/user/user";
import {
  changesOf,
  clientOf,
  failureOf,
  fromState,
  openWith,
  revealed,
  useCluster,
  userOn,
} from "./cluster";

const address = "ops@acme.example";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const declared = (more: Bag = {}): Bag => {
  const { inputs, failures } = userLifecycle.check({ emailAddress: address, ...more });
  assert.deepEqual(failures, []);
  return inputs;
};

async function halfMade(work: Promise<unknown>): Promise<PartialError> {
  const error = await failureOf(work);
  assert(error instanceof PartialError, error.message);
  return error;
}

describe("check of a user", () => {
  it("fills in defaults", () => {
    assert.deepEqual(userLifecycle.check({ emailAddress: address }).inputs, {
      emailAddress: address,
      state: "enabled",
      createAccessKey: false,
      deleteEmptyBuckets: false,
    });
  });

  it("refuses adopt: true, which would take whoever comes later", () => {
    const { failures } = userLifecycle.check({ emailAddress: address, adopt: true });
    assert.deepEqual(failures, [{ property: "adopt", reason: "adopt must be a text, is true" }]);
  });

  it("refuses a state that doesn't exist", () => {
    const { failures } = userLifecycle.check({ emailAddress: address, state: "off" });
    assert.match(failures[0]?.reason ?? "", /^state must be "enabled" or "disabled"$/);
  });
});

describe("create of a user", () => {
  const cluster = useCluster();
  const create = (more: Bag = {}) => userLifecycle.create(cluster.session, declared(more));

  it("makes an enabled user without keys, so that both slots are free", async () => {
    const { id, outs } = await create();
    const user = userOn(cluster.emulator, address);
    assert.equal(id, address);
    assert.deepEqual(outs, {
      emailAddress: address,
      state: "enabled",
      createAccessKey: false,
      deleteEmptyBuckets: false,
      userId: user.userId,
      ownerId: "0000000000000000",
      flags: [],
    });
    assert.deepEqual(user.accessKeys, []);
    assert.equal(user.state, "enabled");
    // A 404 alone doesn't make the address free: the run's one list has to agree.
    assert.deepEqual(cluster.operations(), [
      "getUser",
      "listUsers",
      "createUser",
      "getUser",
      "revokeKey",
    ]);
  });

  it("keeps the first pair as the user's own, its secret marked", async () => {
    const { outs } = await create({ createAccessKey: true });
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], pair?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), pair?.secretAccessKey);
    assert.equal(outs["createAccessKey"], true);
  });

  it("makes a disabled user when asked", async () => {
    const { outs } = await create({ state: "disabled" });
    assert.equal(outs["state"], "disabled");
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
  });

  it("refuses a user who exists, tells what is there and the line that adopts it", async () => {
    const outside = cluster.emulator.cluster;
    const { userId, accessKeys } = outside.createUser(address);
    outside.createBucket("inventory", address);
    outside.setUserState(address, "disabled");
    const error = await failureOf(create());
    assert.equal(
      error.message,
      `create user ${address}: it already exists (userId ${userId}, disabled, keys ${accessKeys[0]?.accessKeyId ?? ""}, buckets: inventory); if it is yours, adopt it with adopt: "${userId}", state: "disabled"; if this stack has it under another name, use aliases`,
    );
    assert.equal(error instanceof PartialError, false);
    assert(!cluster.operations().includes("createUser"));
  });

  it("refuses it as well when its buckets can't be told, or it has nothing", async () => {
    const { userId, accessKeys } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.revokeKey(accessKeys[0]?.accessKeyId ?? "");
    assert.match((await failureOf(create())).message, /, enabled, no keys, buckets: none\)/);
    cluster.emulator.failNext({ operation: "listBuckets", kind: "status", status: 405 });
    const { message } = await failureOf(create());
    assert(message.includes(`(userId ${userId}, enabled, no keys); if`), message);
  });

  it("adopts exactly the user of the id, and changes nothing on the cluster", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.setUserState(address, "disabled");
    const before = userOn(cluster.emulator, address);
    const adopt = before.userId;
    const { id, outs } = await create({ adopt, createAccessKey: true, deleteEmptyBuckets: true });
    assert.equal(id, address);
    assert.deepEqual(outs, {
      emailAddress: address,
      state: "disabled",
      createAccessKey: false,
      deleteEmptyBuckets: true,
      userId: before.userId,
      ownerId: "0000000000000000",
      flags: [],
    });
    assert.deepEqual(userOn(cluster.emulator, address), before);
    assert.deepEqual(cluster.operations(), ["getUser"]);
  });

  it("shows as changes what differs from the program after adopting", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.setUserState(address, "disabled");
    const inputs = declared({ adopt: userId });
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    const difference = await changesOf(
      userLifecycle.diff(cluster.session, address, fromState(outs), inputs),
    );
    assert.deepEqual(difference, { changes: true });
  });

  it("refuses to adopt another user than the one named", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    const { message } = await failureOf(create({ adopt: "0123456789abcdef" }));
    assert(message.includes("adopt names another user, 0123456789abcdef"), message);
    assert(message.includes(`adopt: "${userId}"`), message);
  });

  it("makes a user as usual when the one to adopt isn't there", async () => {
    const { outs } = await create({ adopt: "0123456789abcdef" });
    assert.equal(outs["userId"], userOn(cluster.emulator, address).userId);
    assert.equal("adopt" in outs, false);
  });

  for (const kind of ["resetAfter", "halfAnswer", "emptyBody", "wrongShape"] as const) {
    it(`takes the user it made when the answer is lost (${kind})`, async () => {
      cluster.emulator.failNext({ operation: "createUser", kind });
      const { outs } = await create({ createAccessKey: true });
      const user = userOn(cluster.emulator, address);
      assert.equal(outs["userId"], user.userId);
      assert.equal(revealed(outs["secretAccessKey"]), user.accessKeys[0]?.secretAccessKey);
      assert.equal(cluster.operations().filter((name) => name === "createUser").length, 1);
    });
  }

  it("sends PUT again when the first one was cut off before it was carried out", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "resetBefore" });
    await create();
    assert.equal(cluster.emulator.cluster.users().length, 1);
  });

  it("refuses whoever was faster in the moment between look and PUT", async () => {
    cluster.emulator.failNext({ operation: "listUsers", kind: "late", delayMs: 100 });
    const work = failureOf(create());
    while (!cluster.operations().includes("listUsers")) await pause(5);
    await pause(20);
    const { userId } = cluster.emulator.cluster.createUser(address);
    assert(
      (await work).message.includes(
        `adopt it with adopt: "${userId}"; if this stack has it under another name, use aliases`,
      ),
    );
    assert.deepEqual(cluster.operations(), [
      "getUser",
      "listUsers",
      "createUser",
      "getUser",
      "listBuckets",
    ]);
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
  });

  it("passes rejected credentials on", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 403 });
    const session = cluster.open({ signatureVersion: "v4" });
    const error = await failureOf(userLifecycle.create(session, declared()));
    assert(error instanceof ApiError);
    assert.equal(error.status, 403);
  });

  it("keeps a user in state whose pair couldn't be revoked, secrets marked", async () => {
    const failure = { kind: "status", status: 503, times: 100 } as const;
    cluster.emulator.failNext({ operation: "revokeKey", ...failure });
    const error = await halfMade(create());
    const user = userOn(cluster.emulator, address);
    assert.equal(error.id, address);
    assert.match(error.message, /^revoke key .* of user ops@acme\.example: .* 503 /);
    const { secretAccessKey, ...plain } = error.properties;
    assert.equal(revealed(secretAccessKey), user.accessKeys[0]?.secretAccessKey);
    assert.deepEqual(plain, {
      emailAddress: address,
      state: "enabled",
      createAccessKey: true,
      deleteEmptyBuckets: false,
      userId: user.userId,
      ownerId: "0000000000000000",
      flags: [],
      accessKeyId: user.accessKeys[0]?.accessKeyId,
    });
  });

  it("finishes such a user with the next update", async () => {
    cluster.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const inputs = declared({ state: "disabled" });
    const { properties } = await halfMade(userLifecycle.create(cluster.session, inputs));
    const state = fromState(properties);
    assert.deepEqual(await changesOf(userLifecycle.diff(cluster.session, address, state, inputs)), {
      changes: true,
    });
    const { outs } = await userLifecycle.update(cluster.session, address, state, inputs);
    const user = userOn(cluster.emulator, address);
    assert.deepEqual([user.state, user.accessKeys], ["disabled", []]);
    assert.deepEqual(
      await changesOf(userLifecycle.diff(cluster.session, address, fromState(outs), inputs)),
      {
        changes: false,
      },
    );
  });

  it("keeps what was reached in state when the second of two steps fails", async () => {
    cluster.emulator.failNext({ operation: "revokeKey", kind: "status", status: 503, times: 100 });
    const { properties } = await halfMade(create({ state: "disabled" }));
    assert.equal(properties["state"], "disabled", "without access, whatever is wrong with keys");
    assert.equal(properties["createAccessKey"], true);
  });

  it("doesn't take over a user who was made anew right after the PUT", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "late", delayMs: 100 });
    const work = halfMade(create());
    while (!cluster.emulator.cluster.user(address)) await pause(5);
    const first = userOn(cluster.emulator, address);
    cluster.emulator.cluster.deleteUser(address);
    const second = cluster.emulator.cluster.createUser(address);
    const { message, properties } = await work;
    assert.equal(
      message,
      `create user ${address}: it was created (userId ${first.userId}) and deleted by someone else; user ${second.userId} has its address now; run: pulumi refresh`,
    );
    assert.equal(properties["userId"], first.userId);
    assert.deepEqual(userOn(cluster.emulator, address), second);
  });
});

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
    return (await halfMade(userLifecycle.create(half, inputs))).properties;
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
    const first = await halfMade(userLifecycle.create(cluster.session, inputs()));
    const id = userOn(cluster.emulator, address).accessKeys[0]?.accessKeyId ?? "?";
    assert(first.message.includes(`key ${id} of user ${address} exists, but`), first.message);
    assert.equal(first.properties["accessKeyId"], id);
    const state = fromState(first.properties);
    const again = await halfMade(userLifecycle.update(cluster.session, address, state, inputs()));
    assert.equal(again.message, first.message);
    const { outs } = await userLifecycle.update(cluster.session, address, state, declared());
    assert.equal("accessKeyId" in outs, false, "the way out that the message names");
  });

  it("is half-made beside a suspension from outside, which stays", async () => {
    const state = fromState((await userLifecycle.create(cluster.session, declared())).outs);
    cluster.emulator.cluster.setUserState(address, "disabled");
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const first = await halfMade(userLifecycle.update(cluster.session, address, state, inputs()));
    const reached = fromState(first.properties);
    await halfMade(userLifecycle.update(cluster.session, address, reached, inputs()));
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
  });
});

describe("create of a user on a cluster that shows writes late", () => {
  const cluster = useCluster({ assumptions: { lagMs: 50 } });

  it("waits until the user is visible", async () => {
    const { outs } = await userLifecycle.create(cluster.session, declared());
    assert.equal(outs["userId"], userOn(cluster.emulator, address).userId);
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
  });
});

describe("create of a user on a cluster that never shows it", () => {
  const cluster = useCluster({ assumptions: { lagMs: 60_000 } });

  it("keeps the user in state and says so", async () => {
    const error = await halfMade(userLifecycle.create(cluster.session, declared()));
    assert.match(error.message, /it was created, but the service does not return it/);
    assert.equal(error.properties["userId"], userOn(cluster.emulator, address).userId);
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

describe("create of a user on a cluster that folds case", () => {
  const cluster = useCluster({ assumptions: { foldAddressCase: true } });

  it("keeps the program's spelling, so that no diff comes of it", async () => {
    const inputs = declared({ emailAddress: "Ops@Acme.example" });
    const { id, outs } = await userLifecycle.create(cluster.session, inputs);
    assert.equal(id, "Ops@Acme.example");
    const state = fromState(outs);
    assert.deepEqual(await changesOf(userLifecycle.diff(cluster.session, id, state, inputs)), {
      changes: false,
    });
    const { inputs: seen } = await userLifecycle.read(cluster.session, id, state);
    assert.equal(seen?.["emailAddress"], "Ops@Acme.example");
  });

  it("refuses a change of address that only case tells apart, with or without adopt", async () => {
    const state = fromState((await userLifecycle.create(cluster.session, declared())).outs);
    for (const more of [{}, { adopt: state["userId"] }]) {
      const news = declared({ emailAddress: "OPS@acme.example", ...more });
      const { message } = await failureOf(
        userLifecycle.diff(cluster.session, address, state, news),
      );
      assert.equal(
        message,
        `change the address of user ${address} to OPS@acme.example: for the service both are this user, which would be deleted and created again; keep emailAddress: "${address}"`,
      );
    }
  });
});

describe("diff of a user", () => {
  const cluster = useCluster();
  const olds: Bag = { ...declared(), userId: "ca55631f9f3d59dc", flags: [] };
  const diff = (more: Bag, from: Bag = olds) =>
    changesOf(userLifecycle.diff(cluster.session, address, from, declared(more)));

  it("says which pair is revoked by createAccessKey: false, for somebody may use it", async () => {
    const withPair = { ...olds, createAccessKey: true, accessKeyId: "ca55631f9f3d59dcQ0J5" };
    await diff({ createAccessKey: false }, withPair);
    assert.match(cluster.warnings.join(), /^key ca55631f9f3d59dcQ0J5 of user .* is revoked by/);
  });

  it("finds no change where nothing changed, and asks nobody", async () => {
    assert.deepEqual(await diff({}), { changes: false });
    assert.deepEqual(cluster.operations(), []);
  });

  for (const change of [
    { state: "disabled" },
    { createAccessKey: true },
    { deleteEmptyBuckets: true },
  ]) {
    it(`finds ${JSON.stringify(change)} an update in place`, async () => {
      assert.deepEqual(await diff(change), { changes: true });
      assert.deepEqual(cluster.operations(), []);
    });
  }

  it("finds an own pair that is still to be found, or whose secret nobody told, a change", async () => {
    const news = { createAccessKey: true };
    const half = { ...olds, createAccessKey: true };
    assert.deepEqual(await diff(news, half), { changes: true });
    assert.deepEqual(await diff(news, { ...half, accessKeyId: "K" }), { changes: true });
    const whole = { ...half, accessKeyId: "K", secretAccessKey: "S" };
    assert.deepEqual(await diff(news, whole), { changes: false });
  });

  it("never compares adopt: it may stay or go", async () => {
    assert.deepEqual(await diff({ adopt: "0123456789abcdef" }), { changes: false });
  });

  it("counts properties that an older state lacks as their defaults", async () => {
    const older = { emailAddress: address, userId: "ca55631f9f3d59dc" };
    assert.deepEqual(await diff({}, older), { changes: false });
  });

  it("replaces for another address", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    assert.deepEqual(await diff({ emailAddress: "new@acme.example" }, { ...olds, userId }), {
      changes: true,
      replaces: ["emailAddress"],
    });
  });

  it("refuses another address at preview while the user owns buckets, naming them", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.createBucket("inventory", address);
    cluster.emulator.cluster.putObject("inventory", "key", "12345");
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    assert.match(
      (await failureOf(work)).message,
      /^change the address of user ops@acme\.example to new@acme\.example: .*owns bucket inventory \(5 B\)/,
    );
  });

  it("refuses another address at preview that exists, adopt line or not", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    const other = cluster.emulator.cluster.createUser("new@acme.example");
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    const { message } = await failureOf(work);
    assert.equal(
      message,
      `change the address of user ${address} to new@acme.example: that user already exists (userId ${other.userId}); nothing was changed; to manage it, declare it as a new resource with adopt: "${other.userId}"`,
    );
    const adopting = { emailAddress: "new@acme.example", adopt: other.userId };
    assert.equal((await failureOf(diff(adopting, { ...olds, userId }))).message, message);
  });

  it("takes no 404 of another web server for an owner of nothing", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    assert.match((await failureOf(work)).message, /exists, so its buckets are unknown/);
  });

  it("goes on with a change of address whose old user was made anew by somebody", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    assert.equal((await diff({ emailAddress: "new@acme.example" })).changes, true);
  });

  it("goes on with a change of address whose old user is gone already", async () => {
    const { changes } = await diff({ emailAddress: "new@acme.example" });
    assert.equal(changes, true);
  });

  it("lets empty buckets pass where the stored state says that they may go", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.createBucket("empty", address);
    const stored = { ...olds, userId, deleteEmptyBuckets: true };
    assert.equal((await diff({ emailAddress: "new@acme.example" }, stored)).changes, true);
    cluster.emulator.cluster.createBucket("full", address);
    cluster.emulator.cluster.putObject("full", "key", "12345");
    const { message } = await failureOf(diff({ emailAddress: "new@acme.example" }, stored));
    assert(message.includes("bucket full (5 B)") && !message.includes("empty ("), message);
  });

  it("replaces for an address that isn't known yet, or without settings, and asks nobody", async () => {
    const news = declared({ emailAddress: unknown });
    const expected = { changes: true, replaces: ["emailAddress"] };
    const { session } = cluster;
    const first = changesOf(userLifecycle.diff(session, address, olds, news));
    assert.deepEqual(await first, expected);
    const other = declared({ emailAddress: "new@acme.example" });
    const second = changesOf(userLifecycle.diff(undefined, address, olds, other));
    assert.deepEqual(await second, expected);
    assert.deepEqual(cluster.operations(), []);
  });
});

describe("read of a user", () => {
  const cluster = useCluster();
  const made = async (more: Bag = {}) =>
    fromState((await userLifecycle.create(cluster.session, declared(more))).outs);
  const read = (state: Bag) => userLifecycle.read(cluster.session, address, state);

  it("tells what is there: outputs, and the inputs that fit them", async () => {
    const state = await made({ createAccessKey: true });
    const { id, props, inputs } = await read(state);
    assert.equal(id, address);
    assert.deepEqual(fromState(props), state);
    assert.deepEqual(inputs, declared({ createAccessKey: true }));
    assert.equal(revealed(props?.["secretAccessKey"]), state["secretAccessKey"]);
  });

  it("reads a user that was deleted outside as gone", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    assert.deepEqual(await read(state), {});
  });

  it("reads a user that was deleted and made anew outside as gone", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    cluster.emulator.cluster.createUser(address);
    assert.deepEqual(await read(state), {});
  });

  it("shows a user that was disabled outside in inputs and outputs", async () => {
    const state = await made();
    cluster.emulator.cluster.setUserState(address, "disabled");
    const { props, inputs } = await read(state);
    assert.equal(props?.["state"], "disabled");
    assert.equal(inputs?.["state"], "disabled");
  });

  it("shows an own pair that was revoked outside as createAccessKey: false", async () => {
    const state = await made({ createAccessKey: true });
    cluster.emulator.cluster.revokeKey(String(state["accessKeyId"]));
    const { props, inputs } = await read(state);
    assert.equal(inputs?.["createAccessKey"], false);
    assert.equal("accessKeyId" in (props ?? {}), false);
    assert.equal("secretAccessKey" in (props ?? {}), false);
  });

  it("doesn't take a pair of an AccessKey for the own one", async () => {
    const state = await made();
    cluster.emulator.cluster.generateKey(address);
    assert.deepEqual(fromState((await read(state)).props), state);
  });

  it("reads a user by its id alone, as get and import files do", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    const { props, inputs } = await read({});
    assert.equal(props?.["userId"], userId);
    assert.deepEqual(inputs, declared());
  });

  for (const status of [403, 405, 503]) {
    it(`fails, and drops nobody, when the service answers ${status}`, async () => {
      const state = await made();
      cluster.emulator.failNext({ operation: "getUser", kind: "status", status, times: 5 });
      const error = await failureOf(read(state));
      assert(error instanceof ApiError);
      assert.equal(error.status, status);
    });
  }

  it("fails, and drops nobody, when the service is away", async () => {
    const state = await made();
    await cluster.emulator.stop();
    assert((await failureOf(read(state))) instanceof NetworkError);
  });
});

describe("read of a user, where secrets can't be read", () => {
  const cluster = useCluster({ assumptions: { secretsReadable: false } });

  it("keeps the secret it knows", async () => {
    const inputs = declared({ createAccessKey: true });
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    const secret = userOn(cluster.emulator, address).accessKeys[0]?.secretAccessKey;
    assert.equal(revealed(outs["secretAccessKey"]), secret);
    const { props } = await userLifecycle.read(cluster.session, address, fromState(outs));
    assert.equal(revealed(props?.["secretAccessKey"]), secret);
  });
});

describe("update of a user", () => {
  const cluster = useCluster();
  const made = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(cluster.session, declared(more));
    cluster.emulator.clearRequests();
    return fromState(outs);
  };
  const update = (olds: Bag, more: Bag = {}) =>
    userLifecycle.update(cluster.session, address, olds, declared(more));

  it("disables and enables", async () => {
    const state = await made();
    const { outs } = await update(state, { state: "disabled" });
    assert.deepEqual(outs, { ...state, state: "disabled" });
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
    assert.deepEqual(cluster.operations(), ["getUser", "disableUser"]);
    await update(outs);
    assert.equal(userOn(cluster.emulator, address).state, "enabled");
  });

  it("generates an own pair and revokes it again", async () => {
    const state = await made();
    const { outs } = await update(state, { createAccessKey: true });
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], pair?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), pair?.secretAccessKey);
    const { outs: after } = await update(fromState(outs));
    assert.deepEqual(after, state);
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
  });

  it("leaves the pairs of AccessKeys alone when it revokes the own one", async () => {
    const state = await made({ createAccessKey: true });
    const other = cluster.emulator.cluster.generateKey(address);
    await update(state);
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, [other]);
  });

  it("sends nothing for deleteEmptyBuckets, but stores it", async () => {
    const state = await made({ createAccessKey: true });
    const more = { createAccessKey: true, deleteEmptyBuckets: true };
    const { outs } = await update(state, more);
    assert.deepEqual(fromState(outs), { ...state, deleteEmptyBuckets: true });
    assert.equal(revealed(outs["secretAccessKey"]), state["secretAccessKey"]);
    assert.deepEqual(cluster.operations(), []);
  });

  it("refuses an own pair while both slots are taken, and changes nothing", async () => {
    const state = await made();
    cluster.emulator.cluster.generateKey(address);
    cluster.emulator.cluster.generateKey(address);
    const error = await failureOf(update(state, { createAccessKey: true }));
    assert.match(error.message, /it has the two keys that the service allows/);
    assert.equal(error instanceof PartialError, false);
    assert.deepEqual(cluster.operations(), ["getUser"]);
  });

  it("says that the user is gone, and with what to go on", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    assert.equal(
      (await failureOf(update(state, { state: "disabled" }))).message,
      `update user ${address}: the user does not exist any more; run: pulumi up --refresh`,
    );
  });

  it("changes nothing of a user who was made anew under the address", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    const other = cluster.emulator.cluster.createUser(address);
    const { message } = await failureOf(update(state, { state: "disabled" }));
    assert.match(message, /a different user under this address.*nothing was changed/);
    assert.deepEqual(userOn(cluster.emulator, address), other);
  });

  it("enables nobody who was suspended outside by a change of something else", async () => {
    const state = await made();
    cluster.emulator.cluster.setUserState(address, "disabled");
    const { outs } = await update(state, { createAccessKey: true });
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
    assert.equal(outs["state"], "enabled", "a refresh is what shows it");
  });

  it("generates no pair for one that was revoked outside by a change of something else", async () => {
    const state = await made({ createAccessKey: true });
    cluster.emulator.cluster.revokeKey(String(state["accessKeyId"]));
    const { outs } = await update(state, { createAccessKey: true, state: "disabled" });
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
    assert.equal(outs["state"], "disabled");
    assert.equal("accessKeyId" in outs, false);
  });

  it("fails when one pair of two can't be revoked: that is no rule about a last one", async () => {
    const state = await made({ createAccessKey: true });
    cluster.emulator.cluster.generateKey(address);
    cluster.emulator.failNext({ operation: "revokeKey", kind: "status", status: 405 });
    assert((await failureOf(update(state))) instanceof ApiError);
    assert.deepEqual(cluster.warnings, []);
  });

  it("keeps what was reached when the second of two changes fails", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const error = await halfMade(update(state, { state: "disabled", createAccessKey: true }));
    assert.equal(error.id, address);
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert.deepEqual(fromState(error.properties), { ...state, createAccessKey: true, ...pair });
  });

  it("is no half-made one when the first change fails", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "generateKey", kind: "status", status: 405 });
    const error = await failureOf(update(state, { createAccessKey: true }));
    assert(error instanceof ApiError);
  });

  it("updates a state that lacks properties, as an older release stored it", async () => {
    const { userId } = await made();
    const older = { emailAddress: address, userId, __provider: "text" };
    const { outs } = await update(older, { state: "disabled" });
    assert.equal(outs["state"], "disabled");
    assert.equal(outs["createAccessKey"], false);
    assert.equal(outs["deleteEmptyBuckets"], false);
    assert.equal("__provider" in outs, false);
  });
});

describe("delete of a user", () => {
  const cluster = useCluster();
  const made = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(cluster.session, declared(more));
    cluster.emulator.clearRequests();
    return fromState(outs);
  };
  const remove = (state: Bag) => userLifecycle.delete(cluster.session, address, state);

  it("deletes", async () => {
    await remove(await made());
    assert.deepEqual(cluster.emulator.cluster.users(), []);
    assert.deepEqual(cluster.operations(), ["getUser", "listBuckets", "deleteUser"]);
  });

  it("is done when the user is gone already", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    await remove(state);
    assert(!cluster.operations().includes("deleteUser"));
  });

  it("leaves a user alone who was made anew under the address, and says so", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    const other = cluster.emulator.cluster.createUser(address);
    await remove(state);
    assert.deepEqual(userOn(cluster.emulator, address), other);
    assert.equal(cluster.warnings.length, 1);
    assert(cluster.warnings[0]?.includes(other.userId));
  });

  it("leaves a user alone whose id the state doesn't hold", async () => {
    await made();
    await remove({ emailAddress: address });
    assert(cluster.emulator.cluster.user(address));
  });

  it("is done when the answer was lost", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "deleteUser", kind: "resetAfter" });
    await remove(state);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
  });

  it("doesn't count as done what a foreign web server's 404 to the DELETE says", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "deleteUser", kind: "html", status: 404 });
    assert.match(
      (await failureOf(remove(state))).message,
      /answers 404, but still returns this user/,
    );
    assert(cluster.emulator.cluster.user(address));
  });

  it("doesn't count as done what a foreign web server's 404 says", async () => {
    const state = await made();
    for (const operation of ["getUser", "getUser", "listUsers"]) {
      cluster.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    assert((await failureOf(remove(state))) instanceof ApiError);
    assert(cluster.emulator.cluster.user(address));
  });
});

describe("the user whose key signs, on a service that lets it be changed", () => {
  const cluster = useCluster({ assumptions: { systemUsersChangeable: true } });
  const system = "admin@ostor.example";
  const adopted = async () => {
    const user = await clientOf(cluster.session).getUser(system);
    assert(user);
    const inputs = declared({ emailAddress: system, adopt: user.userId, createAccessKey: true });
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    return { state: fromState(outs), inputs };
  };
  const isLeftAlone = async () => {
    assert(!cluster.operations().some((name) => /^(disable|delete)/.test(name)));
    assert.equal((await clientOf(cluster.session).getUser(system))?.state, "enabled");
  };

  it("isn't disabled, which would lock the stack out", async () => {
    const { state, inputs } = await adopted();
    const news = { ...inputs, state: "disabled" };
    const error = await failureOf(userLifecycle.update(cluster.session, system, state, news));
    assert.match(
      error.message,
      /^disable user admin@.* signs the requests .* nothing was sent; set/,
    );
    await isLeftAlone();
  });

  it("isn't deleted either", async () => {
    const { state } = await adopted();
    const error = await failureOf(userLifecycle.delete(cluster.open(), system, state));
    assert.match(error.message, /^delete user admin@.* signs the requests of this stack/);
    await isLeftAlone();
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
      const error = await halfMade(suspend(await known()));
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
