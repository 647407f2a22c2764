import assert from "node:assert/strict";
import fc from "fast-check";
import { compareStacks } from "../../cli/drift/state/compare";
import { readRecorded } from "../../cli/drift/state/recorded";
import { typeOf, type Family, type ResourceName } from "../../cli/resourceTypes";
import { createEmulator, type Emulator } from "../../emulator";
import { openCluster } from "../../provider/cluster/cluster";
import { settingsOf } from "../provider/harness";
import { holds, seeded } from "./seed";

/** A tenant of a stack, and what someone changes on the cluster. */
interface Tenant {
  family: Family;
  keys: "none" | "own" | "single" | "rotating";
  isSuspended: boolean;
  hasBucket: boolean;
  isInStack: boolean;
  change: Change;
}
type Change = (typeof changes)[number];

const changes = [
  ..."none none none delete recreate toggle revoke revokePrevious addKey".split(" "),
  ..."deleteBucket moveBucket recreateBucket addBucket".split(" "),
];

const tenant: fc.Arbitrary<Tenant> = fc.record({
  family: fc.constantFrom<Family>("dynamic", "plugin"),
  keys: fc.constantFrom<Tenant["keys"]>("none", "own", "single", "rotating"),
  isSuspended: fc.boolean(),
  hasBucket: fc.boolean(),
  isInStack: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
  change: fc.constantFrom(...changes),
});
const service = fc.record({
  listKeys: fc.boolean(),
  listedStates: fc.boolean(),
  listedFlags: fc.boolean(),
});

/** What a stack stores, and the rows that a change of it must give. */
class Story {
  readonly resources: object[] = [];
  readonly rows: string[] = [];

  constructor(private readonly emulator: Emulator) {}

  add(index: number, given: Tenant): () => void {
    const { cluster } = this.emulator;
    const address = `t${index}@x.example`;
    const { userId, accessKeys } = cluster.createUser(address);
    const first = accessKeys[0]?.accessKeyId ?? "";
    const bucket = `bucket-${index}`;
    const ids = { address, userId, first, bucket, previous: "" };
    if (given.keys === "none") cluster.revokeKey(first);
    if (given.keys === "rotating") ids.previous = cluster.generateKey(address).accessKeyId;
    if (given.isSuspended) cluster.setUserState(address, "disabled");
    if (given.hasBucket) cluster.createBucket(bucket, address);
    if (given.isInStack) this.store(given, ids);
    return () => {
      this.change(given, ids);
    };
  }

  private store({ family, keys, isSuspended, hasBucket }: Tenant, ids: Ids): void {
    const { address: emailAddress, userId, first: accessKeyId, previous, bucket } = ids;
    const push = (name: ResourceName, id: string, outputs: object) => {
      const type = typeOf(name, family);
      const urn = `urn:pulumi:dev::p::${type}::${id}`;
      this.resources.push({ urn, type, id, inputs: outputs, outputs });
    };
    const owner = { emailAddress, userId };
    push("User", emailAddress, {
      ...{ ...owner, state: isSuspended ? "disabled" : "enabled", flags: [] },
      createAccessKey: keys === "own",
      ...(keys === "own" && { accessKeyId }),
    });
    if (keys === "single") push("AccessKey", accessKeyId, { ...owner, accessKeyId });
    if (keys === "rotating") {
      push("RotatingAccessKey", userId, { ...owner, accessKeyId, previousAccessKeyId: previous });
    }
    if (!hasBucket) return;
    const found = this.emulator.cluster.buckets().find(({ name }) => name === bucket);
    const { ownerId, creationDate } = found ?? {};
    push("Bucket", bucket, { name: bucket, ownerId, creationDate });
  }

  private change(given: Tenant, ids: Ids): void {
    const { change, keys, isSuspended, hasBucket } = given;
    const { cluster } = this.emulator;
    const { address, first, previous, bucket } = ids;
    const expect = (...rows: string[]) => {
      if (given.isInStack) this.rows.push(...rows);
    };
    const keyRow = `key ${address}`;
    const state = isSuspended ? "disabled enabled" : "enabled disabled";
    const hasFreeSlot = keys !== "rotating";
    if (change === "delete" || change === "recreate") {
      cluster.deleteUser(address);
      expect(`user ${address} exists yes no`);
      if (keys === "single" || keys === "rotating") expect(`${keyRow} exists yes no`);
      if (hasBucket) expect(`bucket ${bucket} exists yes no`);
      if (change === "recreate") cluster.createUser(address);
    } else if (change === "toggle") {
      cluster.setUserState(address, isSuspended ? "enabled" : "disabled");
      expect(`user ${address} state ${state}`);
    } else if (change === "revoke" && keys !== "none") {
      cluster.revokeKey(first);
      if (keys === "own") expect(`user ${address} createAccessKey true false`);
      if (keys === "single") expect(`${keyRow} exists yes no`);
      if (keys === "rotating") expect(`${keyRow} accessKeyId ${first} (revoked)`);
    } else if (change === "revokePrevious" && keys === "rotating") {
      cluster.revokeKey(previous);
      expect(`${keyRow} previousAccessKeyId ${previous} (revoked)`);
    } else if (change === "addKey" && hasFreeSlot) cluster.generateKey(address);
    else if (change === "addBucket") cluster.createBucket(`new-${bucket}`, address);
    else if (hasBucket) this.changeBucket(change, bucket, address, expect);
  }

  private changeBucket(
    change: Change,
    bucket: string,
    address: string,
    expect: (...rows: string[]) => void,
  ): void {
    const { cluster } = this.emulator;
    if (change === "moveBucket") cluster.setBucketOwner(bucket, "other@x.example");
    else if (change === "deleteBucket" || change === "recreateBucket") {
      cluster.deleteBucket(bucket);
      if (change === "recreateBucket") cluster.createBucket(bucket, address);
    } else return;
    expect(`bucket ${bucket} exists yes no`);
  }
}

interface Ids {
  address: string;
  userId: string;
  first: string;
  previous: string;
  bucket: string;
}

describe(seeded("the comparison of a state with a cluster"), function () {
  this.timeout(120_000);

  it("reports what was changed, and nothing else, whatever the list of users contains", async () => {
    const tenants = fc.array(tenant, { minLength: 1, maxLength: 12 });
    await holds(60, fc.record({ tenants, service }), async ({ tenants: all, service: lists }) => {
      let nowMs = Date.parse("2026-01-01T00:00:00Z");
      // The clock advances, so that a bucket that is created again has another date.
      const clock = () => (nowMs += 1);
      const emulator = createEmulator({ seed: 1, assumptions: lists, clock });
      await emulator.start();
      const settings = settingsOf({ endpoint: emulator.endpoint, ...emulator.credentials });
      const cluster = openCluster(settings, {
        now: clock,
        visibility: { patienceMs: 10, pauseMs: 1, settleMs: 0 },
      });
      try {
        emulator.cluster.createUser("other@x.example");
        const story = new Story(emulator);
        const pending = all.map((each, index) => story.add(index, each));
        for (const change of pending) change();
        const state = { deployment: { resources: story.resources } };
        const [compared] = await compareStacks(cluster, [readRecorded("dev", state)]);
        const rows = compared?.differences.map(({ kind, user, id, property, declared, found }) =>
          [kind, user ?? id, property, declared, found].join(" "),
        );
        assert.deepEqual(rows?.sort(), story.rows.sort());
        assert.deepEqual(compared?.notChecked, []);
        assert.equal(compared.compared, story.resources.length);
      } finally {
        await cluster.close();
        await emulator.stop();
      }
    });
  });
});
