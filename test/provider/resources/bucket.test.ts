import assert from "node:assert/strict";
import { bucketLifecycle } from "../../../provider/resources/bucket";
import type { Bag } from "../../../provider/resources/lifecycle";
import { changesOf, failureOf, useCluster, userOn, withSession, withWebServer } from "../harness";

const owner = "owner@example.com";
const other = "other@example.com";

function useBucket() {
  const cluster = useCluster();
  beforeEach(() => {
    cluster.emulator.cluster.createUser(owner);
    cluster.emulator.cluster.createUser(other);
    cluster.emulator.cluster.createBucket("data", owner);
  });
  const create = async (more: Bag = {}) => {
    const { inputs, failures } = bucketLifecycle.check({ name: "data", ...more });
    assert.deepEqual(failures, []);
    return bucketLifecycle.create(cluster.session, inputs);
  };
  const idOf = (address: string) => userOn(cluster.emulator, address).userId;
  return { cluster, create, idOf };
}

describe("check of a bucket", () => {
  it("takes names of all generations, and an owner by id or address", () => {
    for (const name of ["abc", "with_underscore", "Upper.Case-1"]) {
      assert.deepEqual(bucketLifecycle.check({ name }), { inputs: { name }, failures: [] });
    }
    for (const given of [owner, "ca55631f9f3d59dc", "e86d1c19e616455"]) {
      assert.deepEqual(bucketLifecycle.check({ name: "data", owner: given }).failures, []);
    }
  });

  it("refuses what is no name and no owner", () => {
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
  const { cluster, create, idOf } = useBucket();

  it("tracks one that exists, and makes nothing", async () => {
    const before = cluster.emulator.cluster.buckets();
    assert.deepEqual(await create(), {
      id: "data",
      outs: { name: "data", ownerId: idOf(owner), creationDate: before[0]?.creationDate },
    });
    assert.deepEqual(cluster.emulator.cluster.buckets(), before);
    assert.deepEqual(cluster.operations(), ["listBuckets"]);
  });

  it("asks for the list once, however many buckets are tracked", async () => {
    cluster.emulator.cluster.createBucket("more", owner);
    await Promise.all([create(), create({ name: "more" })]);
    assert.deepEqual(cluster.operations(), ["listBuckets"]);
  });

  it("finds one that is younger than the list it asked for before", async () => {
    await create();
    cluster.emulator.cluster.createBucket("younger", owner);
    assert.equal((await create({ name: "younger" })).id, "younger");
  });

  it("takes the owner that is declared, by id or by address", async () => {
    for (const declared of [idOf(owner), owner]) {
      const { outs } = await create({ owner: declared });
      assert.equal(outs["owner"], declared);
      assert.equal(outs["ownerId"], idOf(owner));
    }
  });

  it("refuses another owner than the one declared, naming both", async () => {
    for (const declared of [idOf(other), other]) {
      const { message } = await failureOf(create({ owner: declared }));
      assert(message.includes(`its owner is user ${idOf(owner)}`), message);
      assert(message.includes(`the declared owner is ${declared}; correct owner`), message);
    }
    const { message } = await failureOf(create({ owner: "nobody@example.com" }));
    assert(message.includes("nobody@example.com, which does not exist; correct owner"), message);
  });

  it("says that the bucket does not exist, and who makes buckets", async () => {
    assert.match(
      (await failureOf(create({ name: "gone" }))).message,
      /^read bucket gone: the bucket does not exist .* a bucket that its owner created through S3$/,
    );
  });
});

describe("diff of a bucket", () => {
  const { cluster } = useBucket();
  const diff = (olds: Bag, news: Bag) =>
    changesOf(bucketLifecycle.diff(cluster.session, "data", olds, news));

  it("replaces for another name, updates for another owner", async () => {
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
  const { cluster, create, idOf } = useBucket();
  const read = (state: Bag) => bucketLifecycle.read(cluster.open(), "data", state);

  it("tells what is there", async () => {
    const { outs } = await create({ owner });
    assert.deepEqual(await read(outs), {
      id: "data",
      props: outs,
      inputs: { name: "data", owner },
    });
  });

  it("shows no change when the size changes", async () => {
    const { outs } = await create();
    cluster.emulator.cluster.putObject("data", "key", "12345");
    assert.deepEqual((await read(outs)).props, outs);
  });

  it("reads a bucket by its name alone, as get does", async () => {
    const { props, inputs } = await read({});
    assert.equal(props?.["ownerId"], idOf(owner));
    assert.deepEqual(inputs, { name: "data" });
  });

  it("reads one that was deleted outside as gone", async () => {
    const { outs } = await create();
    cluster.emulator.cluster.deleteBucket("data");
    assert.deepEqual(await read(outs), {});
  });

  it("reads one that has another owner as gone", async () => {
    const { outs } = await create();
    cluster.emulator.cluster.setBucketOwner("data", other);
    assert.deepEqual(await read(outs), {});
  });

  it("reads one that was made anew under the name as gone", async () => {
    const { outs } = await create();
    assert.deepEqual(await read({ ...outs, creationDate: "2018-05-25T17:12:00.000Z" }), {});
  });

  it("fails on a foreign web server, and drops nothing", async () => {
    const { outs } = await create();
    for (const [status, body] of [
      [404, ""],
      [200, "<html>"],
      [200, "{}"],
    ] as const) {
      await withWebServer(
        (_, response) => response.writeHead(status).end(body),
        async (endpoint) => {
          await withSession(endpoint, async (session) => {
            await failureOf(bucketLifecycle.read(session, "data", outs));
          });
        },
      );
    }
  });
});

describe("update of a bucket", () => {
  const { cluster, create, idOf } = useBucket();

  it("stores an owner that fits, and refuses one that doesn't", async () => {
    const { outs } = await create();
    const update = (news: Bag) => bucketLifecycle.update(cluster.session, "data", outs, news);
    assert.deepEqual((await update({ name: "data", owner })).outs, {
      ...outs,
      owner,
      ownerId: idOf(owner),
    });
    assert.match((await failureOf(update({ name: "data", owner: other }))).message, /its owner is/);
  });
});

describe("delete of a bucket", () => {
  const { cluster, create } = useBucket();

  it("deletes nothing, asks nobody, and says so", async () => {
    const { outs } = await create();
    cluster.emulator.clearRequests();
    await bucketLifecycle.delete(cluster.session, "data", outs);
    assert.deepEqual(cluster.operations(), []);
    assert.equal(cluster.emulator.cluster.buckets().length, 1);
    assert.deepEqual(cluster.warnings, [
      "bucket data is no longer tracked; the bucket and its objects stay on the cluster",
    ]);
  });
});
