import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator";
import { PartialError, type Bag } from "../../../provider/resources/lifecycle";
import { rotatingAccessKeyLifecycle as lifecycle } from "../../../provider/resources/rotatingAccessKey/rotatingAccessKey";
import { changesOf, failureOf, fromState, revealed, useEmulator, userOn } from "../harness";

const address = "ops@acme.example";
const dayMs = 86_400_000;

/** A cluster with one user without keys, and the steps of a program with its rotating keys. */
function useRotation(options: EmulatorOptions = {}) {
  const setup = useEmulator(options);
  beforeEach(() => {
    const [key] = setup.emulator.cluster.createUser(address).accessKeys;
    setup.emulator.cluster.revokeKey(key?.accessKeyId ?? "");
  });
  const ids = () => userOn(setup.emulator, address).accessKeys.map((key) => key.accessKeyId);
  const inputs = (more: Bag): Bag => {
    const checked = lifecycle.check({ user: address, ...more });
    assert.deepEqual(checked.failures, []);
    return checked.inputs;
  };
  const create = async (more: Bag) => lifecycle.create(setup.cluster, inputs(more));
  const created = async (more: Bag) => fromState((await create(more)).outs);
  const differs = (state: Bag, more: Bag) =>
    changesOf(lifecycle.diff(undefined, "", state, inputs(more)));
  /** An `up`: the resulting state, and whether anything changed. */
  const up = async (state: Bag, more: Bag): Promise<{ state: Bag; changes: boolean }> => {
    const { changes } = await changesOf(lifecycle.diff(setup.cluster, "", state, inputs(more)));
    if (!changes) return { state, changes };
    const { outs } = await lifecycle.update(setup.cluster, "", state, inputs(more));
    return { state: fromState(outs), changes };
  };
  return { setup, ids, inputs, create, created, differs, up };
}

/** The state as if the current key had been generated so long ago. */
function aged(state: Bag, ms: number): Bag {
  return { ...state, rotatedAt: new Date(Date.now() - ms).toISOString() };
}

function kept({ accessKeyId, previousAccessKeyId }: Bag): Bag {
  return { accessKeyId, previousAccessKeyId };
}

describe("check of rotating keys", () => {
  it("accepts a period or a counter", () => {
    for (const schedule of [{ every: "30d" }, { every: "12h" }, { generation: 0 }]) {
      const checked = lifecycle.check({ user: address, ...schedule });
      assert.deepEqual(checked, { inputs: { user: address, ...schedule }, failures: [] });
    }
  });

  it("names invalid properties", () => {
    const reasons = (more: Bag) =>
      lifecycle.check({ user: address, ...more }).failures.map(({ reason }) => reason);
    assert.match(reasons({}).join(), /set exactly one of every and generation/);
    assert.match(reasons({ every: "1d", generation: 1 }).join(), /exactly one of/);
    assert.match(reasons({ every: "monthly" }).join(), /every must be a period such as "30d"/);
    assert.match(reasons({ every: "0d" }).join(), /every must be a period/);
    assert.match(reasons({ generation: 1.5 }).join(), /generation must be a whole number/);
    assert.match(reasons({ generation: -1 }).join(), /generation must be a whole number from 0/);
  });
});

describe("creation of rotating keys", () => {
  const { setup, ids, create } = useRotation();

  it("generates one key, its secret marked", async () => {
    const { id, outs } = await create({ generation: 1 });
    const { userId, accessKeys } = userOn(setup.emulator, address);
    const { secretAccessKey, rotatedAt, ...plain } = outs;
    assert.equal(id, userId);
    assert.equal(revealed(secretAccessKey), accessKeys[0]?.secretAccessKey);
    assert.ok(Math.abs(Date.parse(rotatedAt as string) - Date.now()) < dayMs);
    const [accessKeyId] = ids();
    assert.deepEqual(plain, {
      emailAddress: address,
      userId,
      accessKeyId,
      generation: 1,
      hasPrevious: false,
    });
  });

  it("is refused for a user that has a key, with the line that adopts it", async () => {
    const { accessKeyId } = setup.emulator.cluster.generateKey(address);
    const { message } = await failureOf(create({ generation: 1 }));
    assert.match(message, /a rotation needs both slots.*createAccessKey: false/);
    assert.ok(message.includes(`adopt: "${accessKeyId}" makes it the current one`), message);
    assert.deepEqual(ids(), [accessKeyId]);
  });

  it("adopts a key, and changes nothing", async () => {
    const { accessKeyId, secretAccessKey } = setup.emulator.cluster.generateKey(address);
    setup.emulator.clearRequests();
    const { outs } = await create({ every: "30d", adopt: accessKeyId });
    assert.equal(outs["accessKeyId"], accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), secretAccessKey);
    assert.deepEqual(setup.operations(), ["getUser"]);
  });

  it("is refused with adopt if the user has another key", async () => {
    const { accessKeyId } = setup.emulator.cluster.generateKey(address);
    setup.emulator.cluster.generateKey(address);
    const { message } = await failureOf(create({ every: "30d", adopt: accessKeyId }));
    assert.match(
      message,
      /nothing was revoked; if they are rotating keys of this stack under another name, .*aliases/,
    );
    assert.match(message, /npx pulumi-ostor orphans/);
    assert.equal(ids().length, 2);
  });
});

describe("rotation", () => {
  const { setup, ids, created, differs, up } = useRotation();

  it("takes one step if the counter increases by any amount, and none before", async () => {
    const first = await created({ generation: 1 });
    assert.deepEqual(await differs(first, { generation: 1 }), { changes: false });
    const second = await up(first, { generation: 2 });
    assert.equal(second.state["previousAccessKeyId"], first["accessKeyId"]);
    assert.equal(second.state["previousSecretAccessKey"], first["secretAccessKey"]);
    assert.deepEqual(ids().sort(), [first["accessKeyId"], second.state["accessKeyId"]].sort());
    const third = await up(second.state, { generation: 7 });
    assert.equal(third.state["previousAccessKeyId"], second.state["accessKeyId"]);
    assert.equal(third.state["generation"], 7);
    assert.equal((await up(third.state, { generation: 7 })).changes, false);
    assert.ok(!ids().includes(first["accessKeyId"] as string));
  });

  it("is reported as possible at preview while the counter is unknown", async () => {
    const first = await up(await created({ generation: 1 }), { generation: 2 });
    setup.warnings.length = 0;
    await differs(first.state, { generation: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
    const previous = String(first.state["previousAccessKeyId"]);
    assert.deepEqual(setup.warnings, [
      `the schedule of user ${address} is not known before the run, which may rotate its keys; key ${previous} would be revoked`,
    ]);
  });

  it("takes one step after three periods, and the next one after another period", async () => {
    const first = await created({ every: "30d" });
    assert.equal((await up(aged(first, 29 * dayMs), { every: "30d" })).changes, false);
    const second = await up(aged(first, 95 * dayMs), { every: "30d" });
    assert.equal(second.state["previousAccessKeyId"], first["accessKeyId"]);
    assert.equal((await up(second.state, { every: "30d" })).changes, false);
  });

  it("does not happen for a lower counter, with a note, nor for the last counter again", async () => {
    const state = await created({ generation: 5 });
    assert.equal((await up(state, { generation: 3 })).changes, false);
    assert.match(setup.warnings.join(), /generation 3 of user ops@acme.example is below 5/);
    assert.equal((await up(state, { generation: 5 })).changes, false);
  });

  it("does not happen for a change from a period to a counter, nor back", async () => {
    const first = await created({ every: "30d" });
    const counted = await up(first, { generation: 4 });
    assert.deepEqual([counted.changes, kept(counted.state)], [true, kept(first)]);
    assert.deepEqual([counted.state["generation"], counted.state["every"]], [4, undefined]);
    const back = await up(counted.state, { every: "1w" });
    assert.deepEqual([back.changes, kept(back.state)], [true, kept(first)]);
  });

  it("reports what a due step does before the step", async () => {
    const second = await up(await created({ generation: 1 }), { generation: 2 });
    setup.warnings.length = 0;
    assert.equal((await differs(second.state, { generation: 3 })).changes, true);
    const { accessKeyId, previousAccessKeyId } = second.state as Record<string, string>;
    assert.match(setup.warnings.join(), new RegExp(`${previousAccessKeyId} is revoked`));
    assert.match(setup.warnings.join(), new RegExp(`${accessKeyId} keeps working`));
  });

  it("continues after a failure between revoking and generating, and keeps the current key", async () => {
    const second = await up(await created({ generation: 1 }), { generation: 2 });
    setup.emulator.failNext({ operation: "generateKey", kind: "status", status: 403 });
    const failure = await failureOf(up(second.state, { generation: 3 }));
    assert.ok(failure instanceof PartialError, failure.message);
    assert.deepEqual(ids(), [second.state["accessKeyId"]]);
    const partial = fromState(failure.properties);
    assert.deepEqual(kept(partial), { ...kept(second.state), previousAccessKeyId: undefined });
    assert.equal(partial["generation"], 2);
    const third = await up(partial, { generation: 3 });
    assert.equal(third.state["previousAccessKeyId"], second.state["accessKeyId"]);
  });

  it("changes nothing when the previous key cannot be revoked", async () => {
    const second = await up(await created({ generation: 1 }), { generation: 2 });
    const before = ids();
    setup.emulator.failNext({ operation: "revokeKey", kind: "status", status: 403 });
    const failure = await failureOf(up(second.state, { generation: 3 }));
    assert.ok(!(failure instanceof PartialError));
    assert.deepEqual(ids(), before);
  });

  it("offers to revoke, not to adopt, a key that an interrupted run generated", async () => {
    const { state } = await up(await created({ generation: 1 }), { generation: 2 });
    setup.emulator.cluster.revokeKey(state["previousAccessKeyId"] as string);
    const { accessKeyId: adopt } = setup.emulator.cluster.generateKey(address);
    const { message } = await failureOf(up(state, { generation: 3, adopt }));
    assert.match(message, /: revoke one with npx pulumi-ostor revoke-key <id>; /);
    assert.doesNotMatch(message, /adopt/);
    setup.emulator.cluster.revokeKey(adopt);
    const third = await up(state, { generation: 3 });
    assert.equal(third.state["previousAccessKeyId"], state["accessKeyId"]);
  });

  it("is reported as distant if the last one is in the future", async () => {
    const state = aged(await created({ every: "30d" }), -400 * dayMs);
    assert.equal((await up(state, { every: "30d" })).changes, false);
    assert.match(setup.warnings.join(), /in the future by this machine's clock.*by generation/);
  });

  it("is refused, and nothing is revoked, while another key uses the slot", async () => {
    const state = await created({ generation: 1 });
    setup.emulator.cluster.generateKey(address);
    const before = ids();
    const { message } = await failureOf(up(state, { generation: 2 }));
    assert.match(message, /it has the two keys that the service allows/);
    assert.deepEqual(ids(), before);
  });
});

describe("rotation, where secrets are returned only once", () => {
  const { setup, ids, created, differs, up } = useRotation({
    assumptions: { secretsReadable: false },
  });

  it("keeps the previous key, which is in use, when the response with the current one is lost", async () => {
    const first = await created({ generation: 1 });
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const failure = await failureOf(up(first, { generation: 2 }));
    assert.ok(failure instanceof PartialError);
    assert.match(failure.message, /does not return its secret/);
    const partial = fromState(failure.properties);
    assert.equal(partial["previousAccessKeyId"], first["accessKeyId"]);
    setup.warnings.length = 0;
    await differs(partial, { generation: 3 });
    const [lost, inUse] = [partial["accessKeyId"], first["accessKeyId"]] as string[];
    assert.match(setup.warnings.join(), new RegExp(`key ${lost} is revoked.*key ${inUse} keeps`));
    const { state } = await up(partial, { generation: 3 });
    assert.deepEqual(ids().sort(), [inUse, state["accessKeyId"]].sort());
    assert.equal(state["previousAccessKeyId"], inUse);
    assert.equal(state["previousSecretAccessKey"], first["secretAccessKey"]);
    assert.equal(typeof state["secretAccessKey"], "string");
  });
});

describe("rotating keys that changed outside", () => {
  const { setup, ids, inputs, created, up } = useRotation();
  const read = (state: Bag) => lifecycle.read(setup.open(), "", state);

  it("are read as they are, and a missing current key is drift that the next run fixes", async () => {
    const { state } = await up(await created({ generation: 1 }), { generation: 2 });
    const same = await read(state);
    assert.deepEqual(fromState(same.props), state);
    assert.deepEqual(same.inputs, { ...inputs({ generation: 2 }), userId: state["userId"] });
    setup.emulator.cluster.revokeKey(state["accessKeyId"] as string);
    const found = fromState((await read(state)).props);
    assert.deepEqual(kept(found), { ...kept(state), accessKeyId: undefined });
    const fixed = await up(found, { generation: 2 });
    assert.equal(fixed.state["previousAccessKeyId"], state["previousAccessKeyId"]);
    assert.equal(ids().length, 2);
  });

  it("need no change when the previous key no longer exists", async () => {
    const { state } = await up(await created({ generation: 1 }), { generation: 2 });
    setup.emulator.cluster.revokeKey(state["previousAccessKeyId"] as string);
    const found = fromState((await read(state)).props);
    assert.equal(found["previousAccessKeyId"], undefined);
    assert.equal((await up(found, { generation: 2 })).changes, false);
  });

  it("no longer exist if their user was deleted or re-created", async () => {
    const state = await created({ generation: 1 });
    setup.emulator.cluster.deleteUser(address);
    assert.deepEqual(await read(state), {});
    setup.emulator.cluster.createUser(address);
    assert.deepEqual(await read(state), {});
    const before = ids();
    await lifecycle.delete(setup.cluster, "", state);
    assert.match(
      (await failureOf(lifecycle.update(setup.cluster, "", state, inputs({ generation: 2 }))))
        .message,
      /a different user under this address/,
    );
    assert.deepEqual(ids(), before);
  });

  it("follow a user that was re-created", async () => {
    const { accessKeyId: adopt } = setup.emulator.cluster.generateKey(address);
    const first = await created({ every: "30d", adopt });
    const { state } = await up(aged(first, 31 * dayMs), { every: "30d", adopt });
    const third = await up(aged(state, 31 * dayMs), { every: "30d", adopt });
    setup.emulator.cluster.deleteUser(address);
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.revokeKey(ids()[0] ?? "");
    const recreated = { ...inputs({ every: "30d" }), userId };
    const { replaces } = await changesOf(lifecycle.diff(setup.cluster, "", third.state, recreated));
    assert.deepEqual(replaces, ["userId"]);
    await lifecycle.create(setup.cluster, recreated);
    assert.equal(ids().length, 1);
  });

  it("are both revoked with the resource, and no other key", async () => {
    const { state } = await up(await created({ generation: 1 }), { generation: 2 });
    setup.emulator.cluster.revokeKey(state["previousAccessKeyId"] as string);
    const foreign = setup.emulator.cluster.generateKey(address);
    await lifecycle.delete(setup.cluster, "", state);
    assert.deepEqual(ids(), [foreign.accessKeyId]);
  });
});
