import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { explain } from "../../../../provider/api/explain";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { clientOf, failureOf, fromState, useEmulator, userOn, type Setup } from "../../harness";

const address = "ops@acme.example";

function useOwner(setup: Setup) {
  const own = (...names: string[]) => {
    for (const name of names) setup.emulator.cluster.createBucket(name, address);
  };
  const created = async (more: Bag = {}): Promise<Bag> => {
    const news = { emailAddress: address, createAccessKey: true, ...more };
    const { inputs } = userLifecycle.check(news);
    const { outs } = await userLifecycle.create(setup.cluster, inputs);
    setup.emulator.clearRequests();
    return fromState(outs);
  };
  const remove = (state: Bag) => userLifecycle.delete(setup.cluster, address, state);
  const left = () => setup.emulator.cluster.buckets().map(({ name }) => name);
  return { own, created, remove, left };
}

describe("delete of a user that owns buckets", () => {
  const setup = useEmulator();
  const { own, created, remove, left } = useOwner(setup);

  it("is refused with the buckets, their sizes, the working keys and the next step", async () => {
    const state = await created();
    own("inventory");
    setup.emulator.cluster.putObject("inventory", "key", "12345");
    const id = String(state["accessKeyId"]);
    assert.equal(
      (await failureOf(remove(state))).message,
      `delete user ${address}: refused, it owns bucket inventory (5 B); delete them first, or set deleteEmptyBuckets: true and run pulumi up before; its keys ${id} still work; adopt: "<id>" brings them back into the stack`,
    );
    assert.deepEqual(setup.operations(), ["getUser", "listBuckets", "getUser"]);
  });

  const removedWhile = (meanwhile: () => void) => {
    const client = clientOf(setup.cluster);
    const listBuckets = client.listBuckets.bind(client);
    client.listBuckets = (who) => {
      meanwhile();
      return listBuckets(who);
    };
  };

  it("names no key that the same run revokes", async () => {
    const state = await created();
    own("inventory");
    const declared = { user: address, replaceOrder: "create-first" };
    const { id, outs } = await accessKeyLifecycle.create(setup.cluster, declared);
    let revoked: Promise<void> | undefined;
    setup.emulator.failNext({ operation: "revokeKey", kind: "lateBefore", delayMs: 1000 });
    removedWhile(() => {
      revoked = accessKeyLifecycle.delete(setup.cluster, id, fromState(outs));
    });
    const { message } = await failureOf(remove(state));
    await revoked;
    assert(message.includes(`; its keys ${String(state["accessKeyId"])} still work; `), message);
  });

  it("does not list keys of a disabled user as working", async () => {
    const state = await created();
    own("inventory");
    setup.emulator.cluster.setUserState(address, "disabled");
    const { message } = await failureOf(remove(state));
    assert(message.includes(`; its keys ${String(state["accessKeyId"])} remain; `), message);
  });

  it("reports that the keys could not be read again, not what was read before", async () => {
    const state = await created();
    own("inventory");
    removedWhile(() => {
      setup.emulator.failNext({ operation: "getUser", kind: "status", status: 503, times: 1000 });
    });
    const { message } = await failureOf(remove(state));
    assert.match(
      message,
      /refused, it owns bucket inventory .*; its keys could not be read again$/,
    );
  });

  it("reports that there are no keys", async () => {
    const state = await created({ createAccessKey: false });
    own("one", "two");
    const { message } = await failureOf(remove(state));
    assert(message.includes("owns 2 buckets: one (0 B), two (0 B)"), message);
    assert(message.endsWith("; it has no keys"), message);
  });

  it("does not count buckets of other users", async () => {
    const state = await created();
    setup.emulator.cluster.createUser("other@acme.example");
    setup.emulator.cluster.createBucket("others", "other@acme.example");
    await remove(state);
    assert.deepEqual(left(), ["others"]);
  });

  it("is not sent after a 404 of another web server for its buckets", async () => {
    const state = await created();
    setup.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    assert.match((await failureOf(remove(state))).message, /its buckets are unknown/);
    assert(!setup.operations().includes("deleteUser"));
  });

  it("continues if the user no longer exists when its buckets are read", async () => {
    const state = await created();
    const listBuckets = clientOf(setup.cluster).listBuckets.bind(clientOf(setup.cluster));
    clientOf(setup.cluster).listBuckets = (who) => {
      setup.emulator.cluster.deleteUser(address);
      return listBuckets(who);
    };
    await remove(state);
    assert.deepEqual(setup.emulator.cluster.users(), []);
  });

  it("passes on the refusal if a bucket was created after the read", async () => {
    const state = await created();
    setup.emulator.failNext({ operation: "deleteUser", kind: "status", status: 409 });
    assert((await failureOf(remove(state))) instanceof ApiError);
    assert(setup.emulator.cluster.user(address));
  });
});

describe("delete of a user with deleteEmptyBuckets", () => {
  const setup = useEmulator({ assumptions: { systemUserDeletesBuckets: false } });
  const { own, created, remove, left } = useOwner(setup);
  const deletable = (more: Bag = {}) => created({ deleteEmptyBuckets: true, ...more });

  it("deletes its empty buckets first, and reads all before it deletes any", async () => {
    const state = await deletable();
    own("one", "two");
    await remove(state);
    assert.deepEqual(left(), []);
    assert.deepEqual(setup.emulator.cluster.users(), []);
    const operations = setup.operations();
    assert.equal(operations.filter((name) => name === "s3:DeleteBucket").length, 2);
    assert.equal(
      operations.lastIndexOf("s3:ListObjectVersions") < operations.indexOf("s3:DeleteBucket"),
      true,
    );
  });

  it("deletes no bucket when the last one is not empty", async () => {
    const state = await deletable();
    own("one", "two", "three");
    setup.emulator.cluster.putObject("three", "key", "12345");
    const { message } = await failureOf(remove(state));
    assert(message.includes("it owns bucket three (5 B); they hold objects, versions or"), message);
    assert.deepEqual(left(), ["one", "two", "three"]);
    assert(setup.emulator.cluster.user(address));
  });

  it("deletes no bucket that has only versions", async () => {
    const state = await deletable();
    own("versions");
    setup.emulator.cluster.putObject("versions", "key", "12345");
    setup.emulator.cluster.deleteObject("versions", "key", { marker: true });
    assert.match((await failureOf(remove(state))).message, /hold objects, versions or/);
    assert.deepEqual(left(), ["versions"]);
  });

  it("deletes no bucket with an unfinished upload", async () => {
    const state = await deletable();
    own("parts");
    setup.emulator.cluster.startUpload("parts", "backup.tar");
    assert.match((await failureOf(remove(state))).message, /versions or unfinished uploads/);
    assert.deepEqual(left(), ["parts"]);
  });

  it("deletes no bucket if the service does not list uploads", async () => {
    const state = await deletable();
    own("one");
    setup.emulator.failNext({
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

  it("deletes no bucket of a disabled owner, and does not enable the owner", async () => {
    const state = await deletable({ state: "disabled" });
    own("empty");
    const { message } = await failureOf(remove(state));
    assert.match(
      message,
      /the buckets of a disabled user cannot be checked: set state: "enabled" first/,
    );
    assert.deepEqual(left(), ["empty"]);
    assert.equal(userOn(setup.emulator, address).state, "disabled");
    assert.deepEqual(setup.operations(), ["getUser", "listBuckets", "getUser"]);
  });

  it("stops when a bucket was filled after the read, and reports that no more was deleted", async () => {
    const state = await deletable();
    own("one", "two");
    setup.emulator.failNext({
      operation: "s3:DeleteBucket",
      kind: "status",
      status: 409,
      code: "BucketNotEmpty",
    });
    const error = await failureOf(remove(state));
    assert.match(error.message, /^delete user .*BucketNotEmpty.*; nothing more was deleted$/);
    assert(error.cause instanceof ApiError);
    assert.deepEqual(left(), ["one", "two"]);
    assert(setup.emulator.cluster.user(address));
  });

  it("does not mention credentials when the policy of a bucket denies access", async () => {
    const state = await deletable();
    own("one", "two");
    const denied = { kind: "status", status: 403, code: "AccessDenied" } as const;
    setup.emulator.failNext({ operation: "s3:DeleteBucket", ...denied, times: 2 });
    const error = await failureOf(remove(state));
    const message = explain(error, setup.cluster.settings);
    assert.match(message, /AccessDenied.*; nothing more was deleted; the owner must delete the/);
    assert.doesNotMatch(message, /credentials/);
    assert(setup.emulator.cluster.user(address));
  });

  it("deletes nothing when a read fails", async () => {
    const state = await deletable();
    own("one", "two");
    setup.emulator.failNext({ operation: "s3", kind: "html" });
    await failureOf(remove(state));
    assert.deepEqual(left(), ["one", "two"]);
  });

  it("deletes no bucket of an owner without keys where only the owner has access", async () => {
    const state = await deletable({ createAccessKey: false });
    own("empty");
    const error = await failureOf(remove(state));
    assert.match(
      error.message,
      /^delete user .*: refused, it owns bucket empty .*returns no secret of the owner and rejects the administrator/,
    );
    assert.deepEqual(left(), ["empty"]);
  });

  it("names the refused key of the owner, not the key of the administrator", async () => {
    const state = await deletable();
    own("empty");
    setup.emulator.failNext({ kind: "status", status: 403, operation: "s3" });
    const message = explain(await failureOf(remove(state)), setup.cluster.settings);
    assert.match(
      message,
      /rejects the owner's key \w+, as it does for a disabled user, .*set state: "enabled" first/,
    );
    assert.doesNotMatch(message, /credentials of a system user/);
    assert.deepEqual(left(), ["empty"]);
  });

  it("uses any key of the owner, including one of an AccessKey", async () => {
    const state = await deletable({ createAccessKey: false });
    setup.emulator.cluster.generateKey(address);
    own("empty");
    await remove(state);
    assert.deepEqual(left(), []);
  });

  it("deletes a user when someone else deletes its bucket at the same time", async () => {
    const state = await deletable();
    own("empty");
    setup.emulator.failNext({ operation: "s3:DeleteBucket", kind: "resetAfter" });
    await remove(state);
    assert.deepEqual(setup.emulator.cluster.users(), []);
  });
});

describe("delete of a user with deleteEmptyBuckets, where the system user has access to buckets", () => {
  const setup = useEmulator({ assumptions: { systemUserDeletesBuckets: true } });
  const { own, created, remove, left } = useOwner(setup);

  it("deletes the empty buckets of an owner without keys as the system user", async () => {
    const state = await created({ deleteEmptyBuckets: true, createAccessKey: false });
    own("empty");
    await remove(state);
    assert.deepEqual(left(), []);
    assert.deepEqual(setup.emulator.cluster.users(), []);
  });
});

describe("delete of a user where the service does not list buckets", () => {
  for (const unknownServiceStatus of [400, 404, 405, 501]) {
    describe(`with ${unknownServiceStatus}`, () => {
      const setup = useEmulator({ assumptions: { bucketsServed: false, unknownServiceStatus } });
      const { created, remove } = useOwner(setup);

      it("is not sent, and the message names the alternative", async () => {
        const state = await created();
        const message = explain(await failureOf(remove(state)), setup.cluster.settings);
        assert.match(
          message,
          /are unknown.*delete the user with ostor-s3-admin, then run: pulumi refresh \[buckets-unknown\]$/,
        );
        assert(setup.emulator.cluster.user(address));
      });
    });
  }
});
