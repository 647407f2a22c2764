import assert from "node:assert/strict";
import { readUsers } from "../../cli/cluster";
import type { Comparison } from "../../cli/comparison";
import { findOrphans, isAdministrative } from "../../cli/orphans";
import { revokeOrphan } from "../../cli/remove";
import type { Cluster } from "../../provider/cluster/cluster";
import { failureOf, useEmulator, userOn } from "../provider/harness";

const address = "lost@x.example";

async function compared(cluster: Cluster): Promise<Comparison> {
  const { endpoint, accessKeyId } = cluster.settings;
  const everyone = await readUsers(cluster, () => undefined);
  const users = everyone.filter((user) => !isAdministrative(user, accessKeyId));
  return { endpoint, stacks: [], users, ...findOrphans(users, []), names: new Set() };
}

describe("reading users for a comparison", () => {
  const setup = useEmulator();
  const addresses = async () =>
    (await compared(setup.cluster)).users.map(({ emailAddress }) => emailAddress);

  it("looks again at a user who is answered with 404", async () => {
    setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "getUserById", kind: "html", status: 404, times: 2 });
    assert.deepEqual(await addresses(), [address]);
  });

  it("fails when the service goes on answering 404 for a user whom it lists", async () => {
    setup.emulator.cluster.createUser(address);
    for (const operation of ["getUserById", "getUser"]) {
      setup.emulator.failNext({ operation, kind: "html", status: 404, times: 1000 });
    }
    const { message } = await failureOf(addresses());
    assert.match(message, /^read user \S+: the service answers 404, but its list of users/);
  });

  it("leaves out a user who was deleted after the list", async () => {
    setup.emulator.cluster.createUser(address);
    const view = setup.cluster;
    const list = view.listUsers.bind(view);
    view.listUsers = async () => {
      const listed = await list();
      view.listUsers = list;
      setup.emulator.cluster.deleteUser(address);
      return listed;
    };
    assert.deepEqual(await addresses(), []);
  });
});

describe("revoke-key", () => {
  describe("where the dialect isn't the service's, which says yes and revokes nothing", () => {
    const assumptions = { putIgnoresKeys: true, existingUserStatus: 200 } as const;
    const setup = useEmulator({ assumptions });

    it("fails, and says that the key is still shown", async () => {
      const [pair] = setup.emulator.cluster.createUser(address).accessKeys;
      const cluster = setup.open({ dialect: "put" });
      const id = pair?.accessKeyId ?? "";
      const { message } = await failureOf(
        revokeOrphan(id, await compared(cluster), cluster, false),
      );
      assert.match(
        message,
        /the service reported success, but still returns the key; .*:dialect post;/,
      );
      assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
    });
  });

  describe("of a key that somebody revokes in that moment", () => {
    const setup = useEmulator();

    it("is done, for a look shows that the key is gone", async () => {
      const [pair] = setup.emulator.cluster.createUser(address).accessKeys;
      const id = pair?.accessKeyId ?? "";
      const found = await compared(setup.cluster);
      setup.emulator.cluster.revokeKey(id);
      const told = await revokeOrphan(id, found, setup.cluster, false);
      assert.equal(told, `revoked key ${id} of user ${address}`);
    });
  });
});
