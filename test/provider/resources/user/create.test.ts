import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ApiError } from "../../../../provider/api/errors";
import { PartialError, type Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { changesOf, failureOf, fromState, revealed, useEmulator, userOn } from "../../harness";
import { address, declared, partialErrorOf } from "./declared";

describe("create of a user", () => {
  const setup = useEmulator();
  const create = (more: Bag = {}) => userLifecycle.create(setup.cluster, declared(more));

  it("creates an enabled user without keys, so that both slots are free", async () => {
    const { id, outs } = await create();
    const user = userOn(setup.emulator, address);
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
    // The list of the run must confirm the 404.
    assert.deepEqual(setup.operations(), [
      "getUser",
      "listUsers",
      "createUser",
      "getUser",
      "revokeKey",
    ]);
  });

  it("keeps the first key as the user's own, its secret marked", async () => {
    const { outs } = await create({ createAccessKey: true });
    const [key] = userOn(setup.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], key?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), key?.secretAccessKey);
    assert.equal(outs["createAccessKey"], true);
  });

  it("creates a disabled user", async () => {
    const { outs } = await create({ state: "disabled" });
    assert.equal(outs["state"], "disabled");
    assert.equal(userOn(setup.emulator, address).state, "disabled");
  });

  it("refuses a user that exists, and names its properties and the line that adopts it", async () => {
    const outside = setup.emulator.cluster;
    const { userId, accessKeys } = outside.createUser(address);
    outside.createBucket("inventory", address);
    outside.setUserState(address, "disabled");
    const error = await failureOf(create());
    assert.equal(
      error.message,
      `create user ${address}: it already exists (userId ${userId}, disabled, keys ${accessKeys[0]?.accessKeyId ?? ""}, buckets: inventory); if it is yours, adopt it with adopt: "${userId}", state: "disabled"; if this stack has it under another name, use aliases`,
    );
    assert.equal(error instanceof PartialError, false);
    assert(!setup.operations().includes("createUser"));
  });

  it("refuses it too when its buckets cannot be read, or it has none", async () => {
    const { userId, accessKeys } = setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.revokeKey(accessKeys[0]?.accessKeyId ?? "");
    assert.match((await failureOf(create())).message, /, enabled, no keys, buckets: none\)/);
    setup.emulator.failNext({ operation: "listBuckets", kind: "status", status: 405 });
    const { message } = await failureOf(create());
    assert(message.includes(`(userId ${userId}, enabled, no keys); if`), message);
  });

  it("adopts the user with the id, and changes nothing on the cluster", async () => {
    setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.setUserState(address, "disabled");
    const before = userOn(setup.emulator, address);
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
    assert.deepEqual(userOn(setup.emulator, address), before);
    assert.deepEqual(setup.operations(), ["getUser"]);
  });

  it("reports differences from the program as changes after adopting", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.setUserState(address, "disabled");
    const inputs = declared({ adopt: userId });
    const { outs } = await userLifecycle.create(setup.cluster, inputs);
    const difference = await changesOf(
      userLifecycle.diff(setup.cluster, address, fromState(outs), inputs),
    );
    assert.deepEqual(difference, { changes: true });
  });

  it("refuses to adopt a user with another id", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    const { message } = await failureOf(create({ adopt: "0123456789abcdef" }));
    assert(message.includes("adopt names another user, 0123456789abcdef"), message);
    assert(message.includes(`adopt: "${userId}"`), message);
  });

  it("creates a user when the user to adopt does not exist", async () => {
    const { outs } = await create({ adopt: "0123456789abcdef" });
    assert.equal(outs["userId"], userOn(setup.emulator, address).userId);
    assert.equal("adopt" in outs, false);
  });

  for (const kind of ["resetAfter", "halfAnswer", "emptyBody", "wrongShape"] as const) {
    it(`keeps the user that it created when the response is lost (${kind})`, async () => {
      setup.emulator.failNext({ operation: "createUser", kind });
      const { outs } = await create({ createAccessKey: true });
      const user = userOn(setup.emulator, address);
      assert.equal(outs["userId"], user.userId);
      assert.equal(revealed(outs["secretAccessKey"]), user.accessKeys[0]?.secretAccessKey);
      assert.equal(setup.operations().filter((name) => name === "createUser").length, 1);
    });
  }

  it("sends PUT again when the first connection was cut before the request was carried out", async () => {
    setup.emulator.failNext({ operation: "createUser", kind: "resetBefore" });
    await create();
    assert.equal(setup.emulator.cluster.users().length, 1);
  });

  it("refuses a user that someone else created between the read and the PUT", async () => {
    setup.emulator.failNext({ operation: "listUsers", kind: "late", delayMs: 1500 });
    const work = failureOf(create());
    while (!setup.operations().includes("listUsers")) await pause(5);
    await pause(20);
    const { userId } = setup.emulator.cluster.createUser(address);
    assert(
      (await work).message.includes(
        `adopt it with adopt: "${userId}"; if this stack has it under another name, use aliases`,
      ),
    );
    assert.deepEqual(setup.operations(), [
      "getUser",
      "listUsers",
      "createUser",
      "getUser",
      "listBuckets",
    ]);
    assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
  });

  it("passes on rejected credentials", async () => {
    setup.emulator.failNext({ operation: "createUser", kind: "status", status: 403 });
    const cluster = setup.open({ signatureVersion: "v4" });
    const error = await failureOf(userLifecycle.create(cluster, declared()));
    assert(error instanceof ApiError);
    assert.equal(error.status, 403);
  });

  it("keeps a user in state whose key could not be revoked, secrets marked", async () => {
    const failure = { kind: "status", status: 503, times: 100 } as const;
    setup.emulator.failNext({ operation: "revokeKey", ...failure });
    const error = await partialErrorOf(create());
    const user = userOn(setup.emulator, address);
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

  it("completes such a user with the next update", async () => {
    setup.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const inputs = declared({ state: "disabled" });
    const { properties } = await partialErrorOf(userLifecycle.create(setup.cluster, inputs));
    const state = fromState(properties);
    assert.deepEqual(await changesOf(userLifecycle.diff(setup.cluster, address, state, inputs)), {
      changes: true,
    });
    const { outs } = await userLifecycle.update(setup.cluster, address, state, inputs);
    const user = userOn(setup.emulator, address);
    assert.deepEqual([user.state, user.accessKeys], ["disabled", []]);
    assert.deepEqual(
      await changesOf(userLifecycle.diff(setup.cluster, address, fromState(outs), inputs)),
      {
        changes: false,
      },
    );
  });

  it("keeps the first of two steps in state when the second fails", async () => {
    setup.emulator.failNext({ operation: "revokeKey", kind: "status", status: 503, times: 100 });
    const { properties } = await partialErrorOf(create({ state: "disabled" }));
    assert.equal(properties["state"], "disabled", "without access, whatever is wrong with keys");
    assert.equal(properties["createAccessKey"], true);
  });

  it("does not adopt a user that was re-created right after the PUT", async () => {
    setup.emulator.failNext({ operation: "createUser", kind: "late", delayMs: 1500 });
    const work = partialErrorOf(create());
    while (!setup.emulator.cluster.user(address)) await pause(5);
    const first = userOn(setup.emulator, address);
    setup.emulator.cluster.deleteUser(address);
    const second = setup.emulator.cluster.createUser(address);
    const { message, properties } = await work;
    assert.equal(
      message,
      `create user ${address}: it was created (userId ${first.userId}) and deleted by someone else; user ${second.userId} has its address now; run: pulumi refresh`,
    );
    assert.equal(properties["userId"], first.userId);
    assert.deepEqual(userOn(setup.emulator, address), second);
  });
});

describe("create of a user on a cluster with stale reads", () => {
  const setup = useEmulator({ assumptions: { lagMs: 50 } });

  it("waits until the user is visible", async () => {
    const { outs } = await userLifecycle.create(setup.cluster, declared());
    assert.equal(outs["userId"], userOn(setup.emulator, address).userId);
    assert.deepEqual(userOn(setup.emulator, address).accessKeys, []);
  });
});

describe("create of a user on a cluster that never returns it", () => {
  const setup = useEmulator({ assumptions: { lagMs: 60_000 } });

  it("keeps the user in state and reports it", async () => {
    const error = await partialErrorOf(userLifecycle.create(setup.cluster, declared()));
    assert.match(error.message, /it was created, but the service does not return it/);
    assert.equal(error.properties["userId"], userOn(setup.emulator, address).userId);
  });
});

describe("create of a user on a cluster that folds case", () => {
  const setup = useEmulator({ assumptions: { foldAddressCase: true } });

  it("keeps the program's spelling, so that the diff is empty", async () => {
    const inputs = declared({ emailAddress: "Ops@Acme.example" });
    const { id, outs } = await userLifecycle.create(setup.cluster, inputs);
    assert.equal(id, "Ops@Acme.example");
    const state = fromState(outs);
    assert.deepEqual(await changesOf(userLifecycle.diff(setup.cluster, id, state, inputs)), {
      changes: false,
    });
    const { inputs: seen } = await userLifecycle.read(setup.cluster, id, state);
    assert.equal(seen?.["emailAddress"], "Ops@Acme.example");
  });

  it("refuses a change of address that differs only in case, with or without adopt", async () => {
    const state = fromState((await userLifecycle.create(setup.cluster, declared())).outs);
    for (const more of [{}, { adopt: state["userId"] }]) {
      const news = declared({ emailAddress: "OPS@acme.example", ...more });
      const { message } = await failureOf(userLifecycle.diff(setup.cluster, address, state, news));
      assert.equal(
        message,
        `change the address of user ${address} to OPS@acme.example: for the service both are this user, which would be deleted and created again; keep emailAddress: "${address}"`,
      );
    }
  });
});
