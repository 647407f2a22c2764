import assert from "node:assert/strict";
import { bucketLifecycle } from "../../../provider/resources/bucket";
import type { Bag } from "../../../provider/resources/lifecycle";
import { changesOf, failureOf, useEmulator, userOn, withCluster, withWebServer } from "../harness";

const owner = "owner@example.com";
const other = "other@example.com";

function useBucket() {
  const setup = useEmulator();
  beforeEach(() => {
    setup.emulator.cluster.createUser(owner);
    setup.emulator.cluster.createUser(other);
    setup.emulator.cluster.createBucket("data", owner);
  });
  const create = async (more: Bag = {}) => {
    const { inputs, failures } = bucketLifecycle.check({ name: "data", ...more });
    assert.deepEqual(failures, []);
    return bucketLifecycle.create(setup.cluster, inputs);
  };
  const idOf = (address: string) => userOn(setup.emulator, address).userId;
  return { setup, create, idOf };
}

describe("check of a bucket", () => {
  it("accepts bucket names of all releases, and an owner by id or address", () => {
    for (const name of ["abc", "with_underscore", "Upper.Case-1"]) {
      assert.deepEqual(bucketLifecycle.check({ name }), { inputs: { name }, failures: [] });
    }
    for (const given of [owner, "ca55631f9f3d59dc", "e86d1c19e616455"]) {
      assert.deepEqual(bucketLifecycle.check({ name: "data", owner: given }).failures, []);
    }
  });

  it("refuses invalid names and owners", () => {
    for (const name of ["", "-a", "a/b", "a b", "a?b", "a".repeat(256), 5]) {
      assert.equal(bucketLifecycle.check({ name }).failures[0]?.property, "name");
    }
    assert.match(
      bucketLifecycle.check({ name: "data", owner: "somebody" }).failures[0]?.reason ?? "",
      /^owner must be a user id or an e-mail address$/,
    );
  });
});

describe("create of a bucket", () => {
  const { setup, create, idOf } = useBucket();

  it("tracks an existing bucket, and creates nothing", async () => {
    const before = setup.emulator.cluster.buckets();
    assert.deepEqual(await create(), {
      id: "data",
      outs: { name: "data", ownerId: idOf(owner), creationDate: before[0]?.creationDate },
    });
    assert.deepEqual(setup.emulator.cluster.buckets(), before);
    assert.deepEqual(setup.operations(), ["listBuckets"]);
  });

  it("requests the list once for any number of buckets", async () => {
    setup.emulator.cluster.createBucket("more", owner);
    await Promise.all([create(), create({ name: "more" })]);
    assert.deepEqual(setup.operations(), ["listBuckets"]);
  });

  it("finds a bucket that is newer than the cached list", async () => {
    await create();
    setup.emulator.cluster.createBucket("younger", owner);
    assert.equal((await create({ name: "younger" })).id, "younger");
  });

  it("accepts the declared owner, by id or by address", async () => {
    for (const declared of [idOf(owner), owner]) {
      const { outs } = await create({ owner: declared });
      assert.equal(outs["owner"], declared);
      assert.equal(outs["ownerId"], idOf(owner));
    }
  });

  it("refuses an owner that differs from the declared one, and names both", async () => {
    for (const declared of [idOf(other), other]) {
      const { message } = await failureOf(create({ owner: declared }));
      assert(message.includes(`its owner is user ${idOf(owner)}`), message);
      assert(message.includes(`the declared owner is ${declared}; correct owner`), message);
    }
    const { message } = await failureOf(create({ owner: "nobody@example.com" }));
    assert(message.includes("nobody@example.com, which does not exist; correct owner"), message);
  });

  it("reports that the bucket does not exist, and who creates buckets", async () => {
    assert.match(
      (await failureOf(create({ name: "gone" }))).message,
      /^read bucket gone: the bucket does not exist .* a bucket that its owner created through S3$/,
    );
  });
});

describe("diff of a bucket", () => {
  const { setup } = useBucket();
  const diff = (olds: Bag, news: Bag) =>
    changesOf(bucketLifecycle.diff(setup.cluster, "data", olds, news));

  it("replaces the bucket for another name, and updates it for another owner", async () => {
    const olds = { name: "data", owner, ownerId: "1", creationDate: "2018" };
    assert.deepEqual(await diff(olds, { name: "data", owner }), { changes: false });
    assert.deepEqual(await diff(olds, { name: "data" }), { changes: true });
    assert.deepEqual(await diff(olds, { name: "more", owner }), {
      changes: true,
      replaces: ["name"],
    });
  });
});

describe("read of a bucket", () => {
  const { setup, create, idOf } = useBucket();
  const read = (state: Bag) => bucketLifecycle.read(setup.open(), "data", state);

  it("returns the outputs and the matching inputs", async () => {
    const { outs } = await create({ owner });
    assert.deepEqual(await read(outs), {
      id: "data",
      props: outs,
      inputs: { name: "data", owner },
    });
  });

  it("finds no change when the size changes", async () => {
    const { outs } = await create();
    setup.emulator.cluster.putObject("data", "key", "12345");
    assert.deepEqual((await read(outs)).props, outs);
  });

  it("reads a bucket by its name only, as get does", async () => {
    const { props, inputs } = await read({});
    assert.equal(props?.["ownerId"], idOf(owner));
    assert.deepEqual(inputs, { name: "data" });
  });

  it("returns nothing for a bucket that was deleted outside", async () => {
    const { outs } = await create();
    setup.emulator.cluster.deleteBucket("data");
    assert.deepEqual(await read(outs), {});
  });

  it("returns nothing for a bucket that has another owner", async () => {
    const { outs } = await create();
    setup.emulator.cluster.setBucketOwner("data", other);
    assert.deepEqual(await read(outs), {});
  });

  it("returns nothing for a bucket that was re-created under the name", async () => {
    const { outs } = await create();
    assert.deepEqual(await read({ ...outs, creationDate: "2018-05-25T17:12:00.000Z" }), {});
  });

  it("fails on another web server", async () => {
    const { outs } = await create();
    for (const [status, body] of [
      [404, ""],
      [200, "<html>"],
      [200, "{}"],
    ] as const) {
      await withWebServer(
        (_, response) => response.writeHead(status).end(body),
        async (endpoint) => {
          await withCluster(endpoint, async (cluster) => {
            await failureOf(bucketLifecycle.read(cluster, "data", outs));
          });
        },
      );
    }
  });
});

describe("update of a bucket", () => {
  const { setup, create, idOf } = useBucket();

  it("stores a matching owner, and refuses another one", async () => {
    const { outs } = await create();
    const update = (news: Bag) => bucketLifecycle.update(setup.cluster, "data", outs, news);
    assert.deepEqual((await update({ name: "data", owner })).outs, {
      ...outs,
      owner,
      ownerId: idOf(owner),
    });
    assert.match((await failureOf(update({ name: "data", owner: other }))).message, /its owner is/);
  });
});

describe("delete of a bucket", () => {
  const { setup, create } = useBucket();

  it("deletes nothing, sends no request, and prints a note", async () => {
    const { outs } = await create();
    setup.emulator.clearRequests();
    await bucketLifecycle.delete(setup.cluster, "data", outs);
    assert.deepEqual(setup.operations(), []);
    assert.equal(setup.emulator.cluster.buckets().length, 1);
    assert.deepEqual(setup.warnings, [
      "bucket data is no longer tracked; the bucket and its objects stay on the cluster",
    ]);
  });
});
