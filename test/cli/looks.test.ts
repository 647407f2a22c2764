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

  it("looks again at a user who is answered with 404", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "getUserById", kind: "html", status: 404, times: 2 });
    assert.deepEqual(await addresses(), [address]);
  });

  it("fails when the service goes on answering 404 for a user whom it lists", async () => {
    cluster.emulator.cluster.createUser(address);
    for (const operation of ["getUserById", "getUser"]) {
      cluster.emulator.failNext({ operation, kind: "html", status: 404, times: 1000 });
    }
    const { message } = await failureOf(addresses());
    assert.match(message, /^read user \S+: the service answers 404, but its list of users/);
  });

  it("leaves out a user who was deleted after the list", async () => {
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
  describe("where the dialect isn't the service's, which says yes and revokes nothing", () => {
    const assumptions = { putIgnoresKeys: true, existingUserStatus: 200 } as const;
    const cluster = useCluster({ assumptions });

    it("fails, and says that the key is still shown", async () => {
      const [pair] = cluster.emulator.cluster.createUser(address).accessKeys;
      const session = cluster.open({ dialect: "put" });
      const id = pair?.accessKeyId ?? "";
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

  describe("of a key that somebody revokes in that moment", () => {
    const cluster = useCluster();

    it("is done, for a look shows that the key is gone", async () => {
      const [pair] = cluster.emulator.cluster.createUser(address).accessKeys;
      const id = pair?.accessKeyId ?? "";
      const found = await compared(cluster.session);
      cluster.emulator.cluster.revokeKey(id);
      const told = await revokeOrphan(id, found, cluster.session, false);
      assert.equal(told, `revoked key ${id} of user ${address}`);
    });
  });
});
