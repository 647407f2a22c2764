import assert from "node:assert/strict";

import { createEmulator, ServiceError } from "../../emulator";

describe("cluster", () => {
  const address = "client@example.com";

  it("changes users without recording requests", () => {
    const { cluster, requests } = createEmulator();
    const user = cluster.createUser(address);
    assert.equal(user.accessKeys.length, 1);
    const key = cluster.generateKey(address);
    cluster.setUserState(address, "disabled");
    cluster.revokeKey(user.accessKeys[0]?.accessKeyId ?? "");
    assert.deepEqual(cluster.user(address), { ...user, state: "disabled", accessKeys: [key] });
    assert.deepEqual(cluster.users(), [cluster.user(address)]);
    assert.deepEqual(requests, []);
  });

  it("returns, moves and deletes buckets and objects", () => {
    const now = Date.UTC(2026, 0, 2);
    const { cluster } = createEmulator({ clock: () => now });
    const { userId } = cluster.createUser(address);
    const other = cluster.createUser("other@example.com");
    cluster.createBucket("data", address);
    cluster.putObject("data", "a b", "héllo");
    cluster.putObject("data", "c", new Uint8Array(3));
    cluster.deleteObject("data", "c");
    const creationDate = "2026-01-02T00:00:00.000Z";
    const objects = [{ key: "a b", size: 6 }];
    assert.deepEqual(cluster.buckets(), [{ name: "data", ownerId: userId, creationDate, objects }]);
    cluster.setBucketOwner("data", "other@example.com");
    assert.equal(cluster.buckets()[0]?.ownerId, other.userId);
    cluster.deleteBucket("data");
    assert.deepEqual(cluster.buckets(), []);
  });

  it("deletes a user with its buckets", () => {
    const { cluster } = createEmulator();
    cluster.createUser(address);
    cluster.createBucket("data", address);
    cluster.putObject("data", "a", "a");
    cluster.deleteUser(address);
    assert.deepEqual([cluster.users(), cluster.buckets()], [[], []]);
  });

  it("returns copies", () => {
    const { cluster } = createEmulator();
    cluster.createUser(address).accessKeys.pop();
    assert.equal(cluster.user(address)?.accessKeys.length, 1);
  });

  it("throws the errors of the service", () => {
    const { cluster } = createEmulator();
    const calls: [() => unknown, string][] = [
      [() => cluster.generateKey(address), "NoSuchUser"],
      [
        () => {
          cluster.revokeKey("K");
        },
        "NoSuchUser",
      ],
      [
        () => {
          cluster.deleteBucket("data");
        },
        "NoSuchBucket",
      ],
      [
        () => {
          cluster.createBucket("data", address);
        },
        "NoSuchUser",
      ],
    ];
    for (const [call, code] of calls) {
      assert.throws(call, (error) => error instanceof ServiceError && error.code === code);
    }
  });
});
