import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { explain } from "../../../../provider/api/explain";
import { userLifecycle } from "../../../../provider/resources/user/user";
import {
  clientOf,
  failureOf,
  fromState,
  useCluster,
  userOn,
  type TestCluster,
} from "../../harness";

const address = "ops@acme.example";

function useOwner(cluster: TestCluster) {
  const own = (...names: string[]) => {
    for (const name of names) cluster.emulator.cluster.createBucket(name, address);
  };
  const made = async (more: Bag = {}): Promise<Bag> => {
    const news = { emailAddress: address, createAccessKey: true, ...more };
    const { inputs } = userLifecycle.check(news);
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    cluster.emulator.clearRequests();
    return fromState(outs);
  };
  const remove = (state: Bag) => userLifecycle.delete(cluster.session, address, state);
  const left = () => cluster.emulator.cluster.buckets().map(({ name }) => name);
  return { own, made, remove, left };
}

describe("delete of a user who owns buckets", () => {
  const cluster = useCluster();
  const { own, made, remove, left } = useOwner(cluster);

  it("is refused with the buckets, their sizes, the keys that work, and the way on", async () => {
    const state = await made();
    own("inventory");
    cluster.emulator.cluster.putObject("inventory", "key", "12345");
    const id = String(state["accessKeyId"]);
    assert.equal(
      (await failureOf(remove(state))).message,
      `delete user ${address}: refused, it owns bucket inventory (5 B); delete them first, or set deleteEmptyBuckets: true and run pulumi up before; its keys ${id} still work; adopt: "<id>" brings them back into the stack`,
    );
    assert.deepEqual(cluster.operations(), ["getUser", "listBuckets", "getUser"]);
  });

  const removedWhile = (meanwhile: () => void) => {
    const client = clientOf(cluster.session);
    const listBuckets = client.listBuckets.bind(client);
    client.listBuckets = (who) => {
      meanwhile();
      return listBuckets(who);
    };
  };

  it("names no key that the same run revokes, as one that was given an address as a text", async () => {
    const state = await made();
    own("inventory");
    const declared = { user: address, replaceOrder: "create-first" };
    const { id, outs } = await accessKeyLifecycle.create(cluster.session, declared);
    let revoked: Promise<void> | undefined;
    cluster.emulator.failNext({ operation: "revokeKey", kind: "lateBefore", delayMs: 100 });
    removedWhile(() => {
      revoked = accessKeyLifecycle.delete(cluster.session, id, fromState(outs));
    });
    const { message } = await failureOf(remove(state));
    await revoked;
    assert(message.includes(`; its keys ${String(state["accessKeyId"])} still work; `), message);
  });

  it("doesn't say that keys of a disabled user work", async () => {
    const state = await made();
    own("inventory");
    cluster.emulator.cluster.setUserState(address, "disabled");
    const { message } = await failureOf(remove(state));
    assert(message.includes(`; its keys ${String(state["accessKeyId"])} remain; `), message);
  });

  it("says that the keys couldn't be read again rather than what was read before", async () => {
    const state = await made();
    own("inventory");
    removedWhile(() => {
      cluster.emulator.failNext({ operation: "getUser", kind: "status", status: 503, times: 1000 });
    });
    const { message } = await failureOf(remove(state));
    assert.match(
      message,
      /refused, it owns bucket inventory .*; its keys could not be read again$/,
    );
  });

  it("says that there are no keys when there are none", async () => {
    const state = await made({ createAccessKey: false });
    own("one", "two");
    const { message } = await failureOf(remove(state));
    assert(message.includes("owns 2 buckets: one (0 B), two (0 B)"), message);
    assert(message.endsWith("; it has no keys"), message);
  });

  it("doesn't count other people's buckets", async () => {
    const state = await made();
    cluster.emulator.cluster.createUser("other@acme.example");
    cluster.emulator.cluster.createBucket("others", "other@acme.example");
    await remove(state);
    assert.deepEqual(left(), ["others"]);
  });

  it("is not sent after a 404 of another web server to the question what it owns", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    assert.match((await failureOf(remove(state))).message, /its buckets are unknown/);
    assert(!cluster.operations().includes("deleteUser"));
  });

  it("goes on where the user is gone by the time of that question", async () => {
    const state = await made();
    const listBuckets = clientOf(cluster.session).listBuckets.bind(clientOf(cluster.session));
    clientOf(cluster.session).listBuckets = (who) => {
      cluster.emulator.cluster.deleteUser(address);
      return listBuckets(who);
    };
    await remove(state);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
  });

  it("passes on the service's refusal of a bucket that was made after the look", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "deleteUser", kind: "status", status: 409 });
    assert((await failureOf(remove(state))) instanceof ApiError);
    assert(cluster.emulator.cluster.user(address));
  });
});

describe("delete of a user with deleteEmptyBuckets", () => {
  const cluster = useCluster({ assumptions: { systemUserDeletesBuckets: false } });
  const { own, made, remove, left } = useOwner(cluster);
  const deletable = (more: Bag = {}) => made({ deleteEmptyBuckets: true, ...more });

  it("deletes its empty buckets first, looking at all of them before any is deleted", async () => {
    const state = await deletable();
    own("one", "two");
    await remove(state);
    assert.deepEqual(left(), []);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
    const operations = cluster.operations();
    assert.equal(operations.filter((name) => name === "s3:DeleteBucket").length, 2);
    assert.equal(
      operations.lastIndexOf("s3:ListObjectVersions") < operations.indexOf("s3:DeleteBucket"),
      true,
    );
  });

  it("deletes none of several when the last one isn't empty", async () => {
    const state = await deletable();
    own("one", "two", "three");
    cluster.emulator.cluster.putObject("three", "key", "12345");
    const { message } = await failureOf(remove(state));
    assert(message.includes("it owns bucket three (5 B); they hold objects, versions or"), message);
    assert.deepEqual(left(), ["one", "two", "three"]);
    assert(cluster.emulator.cluster.user(address));
  });

  it("deletes no bucket that looks empty and holds versions", async () => {
    const state = await deletable();
    own("versions");
    cluster.emulator.cluster.putObject("versions", "key", "12345");
    cluster.emulator.cluster.deleteObject("versions", "key", { marker: true });
    assert.match((await failureOf(remove(state))).message, /hold objects, versions or/);
    assert.deepEqual(left(), ["versions"]);
  });

  it("deletes no bucket into which somebody is uploading", async () => {
    const state = await deletable();
    own("parts");
    cluster.emulator.cluster.startUpload("parts", "backup.tar");
    assert.match((await failureOf(remove(state))).message, /versions or unfinished uploads/);
    assert.deepEqual(left(), ["parts"]);
  });

  it("deletes none where the service doesn't tell whether somebody is uploading", async () => {
    const state = await deletable();
    own("one");
    cluster.emulator.failNext({
      operation: "s3:ListMultipartUploads",
      kind: "status",
      status: 400,
    });
    const { message } = await failureOf(remove(state));
    assert.match(
      message,
      /it owns bucket one .*list uploads .*400.*may not be empty: the owner must/,
    );
    assert.deepEqual(left(), ["one"]);
  });

  it("deletes nothing of a disabled owner, and never enables it silently", async () => {
    const state = await deletable({ state: "disabled" });
    own("empty");
    const { message } = await failureOf(remove(state));
    assert.match(
      message,
      /the buckets of a disabled user cannot be checked: set state: "enabled" first/,
    );
    assert.deepEqual(left(), ["empty"]);
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
    assert.deepEqual(cluster.operations(), ["getUser", "listBuckets", "getUser"]);
  });

  it("stops when a bucket was filled after the look, and says that no more was deleted", async () => {
    const state = await deletable();
    own("one", "two");
    cluster.emulator.failNext({
      operation: "s3:DeleteBucket",
      kind: "status",
      status: 409,
      code: "BucketNotEmpty",
    });
    const error = await failureOf(remove(state));
    assert.match(error.message, /^delete user .*BucketNotEmpty.*; nothing more was deleted$/);
    assert(error.cause instanceof ApiError);
    assert.deepEqual(left(), ["one", "two"]);
    assert(cluster.emulator.cluster.user(address));
  });

  it("says nothing of credentials when a bucket's policy forbids it", async () => {
    const state = await deletable();
    own("one", "two");
    const denied = { kind: "status", status: 403, code: "AccessDenied" } as const;
    cluster.emulator.failNext({ operation: "s3:DeleteBucket", ...denied, times: 2 });
    const error = await failureOf(remove(state));
    const message = explain(error, cluster.session.settings);
    assert.match(message, /AccessDenied.*; nothing more was deleted; the owner must delete the/);
    assert.doesNotMatch(message, /credentials/);
    assert(cluster.emulator.cluster.user(address));
  });

  it("deletes nothing when a look fails", async () => {
    const state = await deletable();
    own("one", "two");
    cluster.emulator.failNext({ operation: "s3", kind: "html" });
    await failureOf(remove(state));
    assert.deepEqual(left(), ["one", "two"]);
  });

  it("deletes nothing of an owner without keys where the owner alone may look", async () => {
    const state = await deletable({ createAccessKey: false });
    own("empty");
    const error = await failureOf(remove(state));
    assert.match(
      error.message,
      /^delete user .*: refused, it owns bucket empty .*returns no secret of the owner and rejects the administrator/,
    );
    assert.deepEqual(left(), ["empty"]);
  });

  it("names the owner's key that is refused, not the administrator's", async () => {
    const state = await deletable();
    own("empty");
    cluster.emulator.failNext({ kind: "status", status: 403, operation: "s3" });
    const message = explain(await failureOf(remove(state)), cluster.session.settings);
    assert.match(
      message,
      /rejects the owner's key \w+, as it does for a disabled user, .*set state: "enabled" first/,
    );
    assert.doesNotMatch(message, /credentials of a system user/);
    assert.deepEqual(left(), ["empty"]);
  });

  it("uses any pair of the owner, also one that an AccessKey made", async () => {
    const state = await deletable({ createAccessKey: false });
    cluster.emulator.cluster.generateKey(address);
    own("empty");
    await remove(state);
    assert.deepEqual(left(), []);
  });

  it("deletes a user whose bucket somebody deletes at the same time", async () => {
    const state = await deletable();
    own("empty");
    cluster.emulator.failNext({ operation: "s3:DeleteBucket", kind: "resetAfter" });
    await remove(state);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
  });
});

describe("delete of a user with deleteEmptyBuckets, where the system user may see buckets", () => {
  const cluster = useCluster({ assumptions: { systemUserDeletesBuckets: true } });
  const { own, made, remove, left } = useOwner(cluster);

  it("deletes the empty buckets of an owner without keys as the system user", async () => {
    const state = await made({ deleteEmptyBuckets: true, createAccessKey: false });
    own("empty");
    await remove(state);
    assert.deepEqual(left(), []);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
  });
});

describe("delete of a user where the service tells no buckets", () => {
  for (const unknownServiceStatus of [400, 404, 405, 501]) {
    describe(`with ${unknownServiceStatus}`, () => {
      const cluster = useCluster({ assumptions: { bucketsServed: false, unknownServiceStatus } });
      const { made, remove } = useOwner(cluster);

      it("is not sent on trust, and says what else to do", async () => {
        const state = await made();
        const message = explain(await failureOf(remove(state)), cluster.session.settings);
        assert.match(
          message,
          /are unknown.*delete the user with ostor-s3-admin, then run: pulumi refresh \[buckets-unknown\]$/,
        );
        assert(cluster.emulator.cluster.user(address));
      });
    });
  }
});
