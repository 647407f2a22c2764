import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../provider/accessKey";
import { createRun, dynamicProvider } from "../../provider/dynamic";
import type { Bag, Lifecycle } from "../../provider/lifecycle";
import { rotatingAccessKeyLifecycle } from "../../provider/rotatingAccessKey";
import { userLifecycle } from "../../provider/user";
import { useCluster } from "./cluster";

const address = "ops@acme.example";

describe("what a resource of the program takes over", () => {
  const cluster = useCluster();
  let run: ReturnType<typeof createRun>;
  let userId: string;
  let keyId: string;

  beforeEach(() => {
    ({ userId } = cluster.emulator.cluster.createUser(address));
    keyId = cluster.emulator.cluster.generateKey(address).accessKeyId;
    const { accessKeyId, secretAccessKey } = cluster.emulator.credentials;
    const settings: Record<string, string> = {
      "ostor:endpoint": cluster.emulator.endpoint,
      "ostor:accessKeyId": accessKeyId,
      "ostor:secretAccessKey": secretAccessKey,
    };
    run = createRun();
    run.configure((name) => settings[name]);
  });
  afterEach(() => run.session().client.close());

  const provider = (lifecycle: Lifecycle) => dynamicProvider(lifecycle, run);
  const keyState = () => ({ emailAddress: address, userId, accessKeyId: keyId });
  const user = () => cluster.emulator.cluster.user(address);
  const hasKey = () => user()?.accessKeys.some(({ accessKeyId }) => accessKeyId === keyId);

  it("isn't revoked for the resource that held it before, though an earlier run adopted it", async () => {
    const declared = { user: address, userId, generation: 0, adopt: keyId };
    await provider(rotatingAccessKeyLifecycle).check({}, declared);
    await provider(accessKeyLifecycle).delete(keyId, keyState());
    assert.equal(hasKey(), true);
    assert.match(cluster.warnings[0] ?? "", /^warning: key \S+ of user .* was adopted anew/);
  });

  it("isn't deleted for the user that held it before, though an earlier run adopted it", async () => {
    await provider(userLifecycle).check({}, { emailAddress: address, adopt: userId });
    await provider(userLifecycle).delete(address, { emailAddress: address, userId });
    assert.equal(user()?.userId, userId);
    assert.match(
      cluster.warnings[0] ?? "",
      / is adopted by the program, and is not deleted; of its keys /,
    );
  });

  it("goes with its own resource: rotated, moved to another user, or under another address", async () => {
    const { check, diff, delete: revoke } = provider(accessKeyLifecycle);
    const rotated = { user: address, userId, adopt: keyId, keepers: { month: 2 } };
    const checked = await check({}, rotated);
    await diff(keyId, keyState(), checked.inputs as Bag);
    await revoke(keyId, keyState());
    assert.equal(hasKey(), false);
    await provider(userLifecycle).check({}, { emailAddress: "new@acme.example", adopt: userId });
    await provider(userLifecycle).delete(address, { emailAddress: address, userId });
    assert.equal(user(), undefined);
  });

  it("goes when it was rotated by an earlier run that failed, though adopt stays in the program", async () => {
    const [{ accessKeyId, secretAccessKey } = { accessKeyId: "", secretAccessKey: "" }] =
      user()?.accessKeys ?? [];
    const { check, diff, delete: revoke } = provider(accessKeyLifecycle);
    const declared = (await check({}, { user: address, userId, adopt: keyId })).inputs as Bag;
    const rotated = { emailAddress: address, userId, accessKeyId, secretAccessKey };
    assert.equal((await diff(accessKeyId, rotated, declared)).changes, false);
    await revoke(keyId, keyState());
    assert.equal(hasKey(), false);
  });

  it("stays when it was taken over by an earlier run that failed, and is met in that resource", async () => {
    const { check, diff, delete: revoke } = provider(accessKeyLifecycle);
    const declared = (await check({}, { user: address, userId, adopt: keyId })).inputs as Bag;
    await diff(keyId, { ...keyState(), secretAccessKey: "S" }, declared);
    const other = { emailAddress: address, userId, accessKeyId: `${userId}AAAA` };
    await diff(other.accessKeyId, { ...other, secretAccessKey: "S" }, declared);
    await revoke(keyId, keyState());
    assert.equal(hasKey(), true);
  });

  it("goes though a refresh compared with an adopt of the program before", async () => {
    const { diff, delete: revoke } = provider(accessKeyLifecycle);
    const before = { user: address, userId, adopt: keyId, replaceOrder: "create-first" };
    await diff(keyId, { ...keyState(), secretAccessKey: "S" }, before);
    await revoke(keyId, keyState());
    assert.equal(hasKey(), false);
  });

  it("names the own pair of a user that stays when a forced replacement would delete it", async () => {
    await provider(userLifecycle).check({}, { emailAddress: address, adopt: userId });
    const state = { emailAddress: address, userId, createAccessKey: true, accessKeyId: keyId };
    await provider(userLifecycle).delete(address, state);
    assert.match(cluster.warnings[0] ?? "", new RegExp(`its own pair ${keyId} leaves the stack`));
  });

  it("isn't made in the place of a user whom the run deleted before, for its resource moved away", async () => {
    const declared = { emailAddress: address, adopt: userId };
    const { create, delete: remove } = provider(userLifecycle);
    await remove(address, { emailAddress: address, userId });
    const { inputs } = userLifecycle.check(declared);
    await assert.rejects(
      create(inputs),
      /this run has just deleted it \(userId \w+\), for its resource/,
    );
    assert.equal(user(), undefined);
    const elsewhere = userLifecycle.check({ emailAddress: "new@acme.example", adopt: userId });
    assert.equal((await create(elsewhere.inputs)).id, "new@acme.example");
  });

  it("goes when no resource declares it any more", async () => {
    await provider(accessKeyLifecycle).check({}, { user: address, adopt: `${userId}AAAA` });
    await provider(accessKeyLifecycle).delete(keyId, keyState());
    assert.equal(hasKey(), false);
  });
});
