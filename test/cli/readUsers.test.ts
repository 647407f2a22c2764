import assert from "node:assert/strict";
import { readUsers } from "../../cli/cluster";
import type { Comparison } from "../../cli/comparison";
import { findOrphans, isAdministrative } from "../../cli/orphans";
import { revokeOrphan } from "../../cli/remove";
import type { Cluster } from "../../provider/cluster/cluster";
import { failureOf, useEmulator, userOn } from "../provider/harness";

const address = "lost@x.example";

async function compared(session: Cluster): Promise<Comparison> {
  const { endpoint, accessKeyId } = session.settings;
  const everyone = await readUsers(session, () => undefined);
  const users = everyone.filter((user) => !isAdministrative(user, accessKeyId));
  return {
    endpoint,
    stacks: [],
    users,
    ...findOrphans(users, []),
    names: new Set(),
    isOfPlugin: false,
  };
}

describe("reading users for a comparison", () => {
  const setup = useEmulator();
  const addresses = async () =>
    (await compared(setup.cluster)).users.map(({ emailAddress }) => emailAddress);

  it("reads a user again after a 404", async () => {
    setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "getUserById", kind: "html", status: 404, times: 2 });
    assert.deepEqual(await addresses(), [address]);
  });

  it("fails if the service answers 404 for a user and still lists it", async () => {
    setup.emulator.cluster.createUser(address);
    for (const operation of ["getUserById", "getUser"]) {
      setup.emulator.failNext({ operation, kind: "html", status: 404, times: 1000 });
    }
    const { message } = await failureOf(addresses());
    assert.match(message, /^read user \S+: the service answers 404, but its list of users/);
  });

  it("leaves out a user that was deleted after the list", async () => {
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
  describe("if the dialect is not the service's, which reports success and revokes nothing", () => {
    const assumptions = { putIgnoresKeys: true, existingUserStatus: 200 } as const;
    const setup = useEmulator({ assumptions });

    it("fails because the service still returns the key", async () => {
      const [ownKey] = setup.emulator.cluster.createUser(address).accessKeys;
      const session = setup.open({ dialect: "put" });
      const id = ownKey?.accessKeyId ?? "";
      const { message } = await failureOf(
        revokeOrphan(id, await compared(session), session, false),
      );
      assert.match(
        message,
        /the service reported success, but still returns the key; .*:dialect post;/,
      );
      assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
    });
  });

  describe("of a key that someone else revokes at the same time", () => {
    const setup = useEmulator();

    it("succeeds, because a read shows that the key does not exist any more", async () => {
      const [ownKey] = setup.emulator.cluster.createUser(address).accessKeys;
      const id = ownKey?.accessKeyId ?? "";
      const found = await compared(setup.cluster);
      setup.emulator.cluster.revokeKey(id);
      const printed = await revokeOrphan(id, found, setup.cluster, false);
      assert.equal(printed, `revoked key ${id} of user ${address}`);
    });
  });
});
