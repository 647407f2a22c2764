import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ApiError } from "../../../../provider/api/errors";
import { PartialError, type Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { changesOf, failureOf, fromState, revealed, useCluster, userOn } from "../../harness";
import { address, declared, partialErrorOf } from "./declared";

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
    const error = await partialErrorOf(create());
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
    const { properties } = await partialErrorOf(userLifecycle.create(cluster.session, inputs));
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
    const { properties } = await partialErrorOf(create({ state: "disabled" }));
    assert.equal(properties["state"], "disabled", "without access, whatever is wrong with keys");
    assert.equal(properties["createAccessKey"], true);
  });

  it("doesn't take over a user who was made anew right after the PUT", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "late", delayMs: 100 });
    const work = partialErrorOf(create());
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
    const error = await partialErrorOf(userLifecycle.create(cluster.session, declared()));
    assert.match(error.message, /it was created, but the service does not return it/);
    assert.equal(error.properties["userId"], userOn(cluster.emulator, address).userId);
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
