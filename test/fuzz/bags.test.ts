import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../provider/resources/accessKey/accessKey";
import { bucketLifecycle } from "../../provider/resources/bucket";
import { dynamicProvider } from "../../provider/dynamic/provider";
import type { Run } from "../../provider/run/run";
import { unwatched } from "../../provider/run/engineWatch";
import type { Bag } from "../../provider/resources/lifecycle";
import type { Cluster } from "../../provider/cluster/cluster";
import { userLifecycle } from "../../provider/resources/user/user";
import { openWith, settingsOf, useEmulator } from "../provider/harness";
import { engineCalls, filledIn, pool, storedSecret, type EngineCall } from "./bags";
import { assertClear, canary, outcome } from "./clear";
import { holds, seeded } from "./seed";

const lifecycles = {
  user: userLifecycle,
  accessKey: accessKeyLifecycle,
  bucket: bucketLifecycle,
};

describe(seeded("arbitrary property bags"), function () {
  this.timeout(600_000);
  const setup = useEmulator({ accessKeyId: "AK", secretAccessKey: canary });
  let cluster: Cluster;
  let calls = 0;

  beforeEach(() => {
    setup.emulator.cluster.createUser("bystander@example.com");
    setup.emulator.cluster.createBucket("bystanders", "bystander@example.com");
    cluster = open();
  });
  afterEach(() => cluster.close());

  /** Starts a new run from time to time. */
  async function sometimesReopen(): Promise<void> {
    if (++calls % 20 !== 0) return;
    await cluster.close();
    cluster = open();
  }

  function open(): Cluster {
    const settings = settingsOf({ endpoint: setup.emulator.endpoint, secretAccessKey: canary });
    const visibility = { patienceMs: 2, pauseMs: 1, settleMs: 2 };
    return openWith(settings, { visibility });
  }

  const run: Run = {
    engine: () => unwatched,
    configure: () => undefined,
    settings: () => ({ settings: cluster.settings }),
    cluster: () => cluster,
  };

  for (const kind of ["user", "accessKey", "bucket"] as const) {
    it(`of a ${kind} are refused with one line, or only affect their own objects`, async () => {
      const provider = dynamicProvider(lifecycles[kind], run);
      const done = { passed: 0, failed: 0 };
      await holds(1000, engineCalls(kind), async (call) => {
        await sometimesReopen();
        restorePool();
        const before = bystander();
        const result = await outcome(carryOut(provider, call));
        if ("error" in result) if ("error" in result) assertFailure(result.error);
        done["error" in result ? "failed" : "passed"] += 1;
        assert.deepEqual(bystander(), before, "another user was changed");
        for (const line of setup.warnings.splice(0)) assertClear(line, secrets());
      });
      assert(done.passed > 15 && done.failed > 15, JSON.stringify(done));
    });
  }

  function restorePool(): void {
    const { emulator } = setup;
    for (const name of pool) if (!emulator.cluster.user(name)) emulator.cluster.createUser(name);
    const [owner = ""] = pool;
    const isThere = emulator.cluster.buckets().some(({ name }) => name === "pool-bucket");
    if (!isThere) emulator.cluster.createBucket("pool-bucket", owner);
  }

  function bystander(): unknown {
    const { emulator } = setup;
    const name = "bystander@example.com";
    const buckets = emulator.cluster.buckets().filter((bucket) => bucket.name === "bystanders");
    return { user: emulator.cluster.user(name), buckets };
  }

  function secrets(): string[] {
    const users = setup.emulator.cluster.users();
    const theirs = users.flatMap(({ accessKeys }) => accessKeys.map((key) => key.secretAccessKey));
    return [canary, storedSecret, ...theirs];
  }

  /** Like the engine, stops if `check` fails. */
  async function carryOut(
    provider: ReturnType<typeof dynamicProvider>,
    call: EngineCall,
  ): Promise<unknown> {
    const [olds, news, id] = [call.olds, call.news, call.id].map((each) =>
      filledIn(setup.emulator, each),
    ) as [Bag, Bag, string];
    if (call.step === "read") return provider.read(id, olds);
    if (call.step === "delete") return provider.delete(id, olds);
    const checked = await provider.check(olds, news);
    const { failures = [] } = checked;
    const inputs = checked.inputs as Bag;
    for (const { reason } of failures) assertClear(reason, secrets());
    const [first] = failures;
    if (first) throw new Error(first.reason);
    if (call.step === "diff") return provider.diff(id, olds, inputs);
    if (JSON.stringify(inputs).includes("04da6b54-80e4")) return undefined;
    if (call.step === "create") return provider.create(inputs);
    return provider.update(id, olds, inputs);
  }

  function assertFailure(error: unknown): void {
    assert(error instanceof Error);
    if (error instanceof assert.AssertionError) throw error;
    assertClear(error.message, secrets());
    assert(!("id" in error) || ("properties" in error && "reasons" in error));
  }
});
