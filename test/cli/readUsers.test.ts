import assert from "node:assert/strict";
import { readUsers } from "../../cli/cluster";
import type { Comparison } from "../../cli/comparison";
import { findOrphans, isAdministrative } from "../../cli/orphans";
import { revokeOrphan } from "../../cli/remove";
import type { Cluster } from "../../provider/cluster/cluster";
import { failureOf, useCluster, userOn } from "../provider/harness";

const address = "lost@x.example";

async function compared(session: Cluster): Promise<Comparison> {
  const { endpoint, accessKeyId } = session.settings;
  const everyone = await readUsers(session, () => undefined);
  const users = everyone.filter((user) => !isAdministrative(user, accessKeyId));
  return { endpoint, stacks: [], users, ...findOrphans(users, []), names: new Set() };
}

describe("reading users for a comparison", () => {
  const cluster = useCluster();
  const addresses = async () =>
    (await compared(cluster.session)).users.map(({ emailAddress }) => emailAddress);

  it("reads a user again after a 404", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "getUserById", kind: "html", status: 404, times: 2 });
    assert.deepEqual(await addresses(), [address]);
  });

  it("fails if the service answers 404 for a user and still lists it", async () => {
    cluster.emulator.cluster.createUser(address);
    for (const operation of ["getUserById", "getUser"]) {
      cluster.emulator.failNext({ operation, kind: "html", status: 404, times: 1000 });
    }
    const { message } = await failureOf(addresses());
    assert.match(message, /^read user \S+: the service answers 404, but its list of users/);
  });

  it("leaves out a user that was deleted after the list", async () => {
    cluster.emulator.cluster.createUser(address);
    const view = cluster.session;
    const list = view.listUsers.bind(view);
    view.listUsers = async () => {
      const listed = await list();
      view.listUsers = list;
      cluster.emulator.cluster.deleteUser(address);
      return listed;
    };
    assert.deepEqual(await addresses(), []);
  });
});

describe("revoke-key", () => {
  describe("if the dialect is not the service's, which reports success and revokes nothing", () => {
    const assumptions = { putIgnoresKeys: true, existingUserStatus: 200 } as const;
    const cluster = useCluster({ assumptions });

    it("fails because the service still returns the key", async () => {
      const [ownKey] = cluster.emulator.cluster.createUser(address).accessKeys;
      const session = cluster.open({ dialect: "put" });
      const id = ownKey?.accessKeyId ?? "";
      const { message } = await failureOf(
        revokeOrphan(id, await compared(session), session, false),
      );
      assert.match(
        message,
        /the service reported success, but still returns the key; .*:dialect post;/,
      );
      assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
    });
  });

  describe("of a key that someone else revokes at the same time", () => {
    const cluster = useCluster();

    it("succeeds, because a read shows that the key does not exist any more", async () => {
      const [ownKey] = cluster.emulator.cluster.createUser(address).accessKeys;
      const id = ownKey?.accessKeyId ?? "";
      const found = await compared(cluster.session);
      cluster.emulator.cluster.revokeKey(id);
      const printed = await revokeOrphan(id, found, cluster.session, false);
      assert.equal(printed, `revoked key ${id} of user ${address}`);
    });
  });
});
