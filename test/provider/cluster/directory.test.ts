import assert from "node:assert/strict";
import type { ApiUser } from "../../../provider/api/schemas";
import { clientOf, failureOf, useCluster, userOn } from "../harness";

const addresses = ["a", "b", "c", "d", "e"].map((name) => `${name}@acme.example`);
const [, , , fourth = "", fifth = ""] = addresses;
const anyone = () => true;

/** How often each operation was requested. */
function counts(operations: string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(operations)].map((name) => [
      name,
      operations.filter((each) => each === name).length,
    ]),
  );
}

describe("reads of a refresh", () => {
  const cluster = useCluster();
  beforeEach(() => {
    for (const address of addresses) cluster.emulator.cluster.createUser(address);
  });
  const findAll = () =>
    Promise.all(addresses.map((each) => cluster.session.findUser(each, anyone)));

  it("read the first three users alone, and then one list", async () => {
    await findAll();
    assert.deepEqual(counts(cluster.operations()), { getUser: 3, listUsers: 1 });
  });

  it("share one answer among all resources of a user", async () => {
    const [address = ""] = addresses;
    await Promise.all([1, 2, 3].map(() => cluster.session.findUser(address, anyone)));
    assert.deepEqual(counts(cluster.operations()), { getUser: 1 });
  });

  it("read a user alone whose address the list has on two ids", async () => {
    const client = clientOf(cluster.session);
    const list = client.listUsers.bind(client);
    client.listUsers = async () => {
      const users = await list();
      const twins = users.filter(({ emailAddress }) => emailAddress === fifth);
      return [...users, ...twins.map((user) => ({ ...user, userId: "0123456789abcdef" }))];
    };
    const found = await findAll();
    assert.equal(found[4]?.userId, userOn(cluster.emulator, fifth).userId);
  });

  it("do not keep a failed answer", async () => {
    const [address = ""] = addresses;
    cluster.emulator.failNext({ operation: "getUser", kind: "status", status: 405, times: 2 });
    await failureOf(cluster.session.findUser(address, anyone));
    assert.equal((await cluster.session.findUser(address, anyone))?.emailAddress, address);
  });

  it("read users alone when the list failed, and do not ask for it again", async () => {
    cluster.emulator.failNext({ operation: "listUsers", kind: "status", status: 405, times: 10 });
    assert((await findAll()).every((user) => user !== undefined));
    assert.equal((await findAll())[3]?.emailAddress, fourth);
    const listed = cluster.emulator.requests.filter(({ operation }) => operation === "listUsers");
    assert(listed.length <= 2, "once for V4, once for V2");
  });

  it("read again a user that is other than expected, and share that answer too", async () => {
    const isOther = ({ state }: ApiUser) => state === "disabled";
    const found = cluster.session.findUser(fourth, isOther);
    const again = cluster.session.findUser(fourth, isOther);
    cluster.emulator.cluster.setUserState(fourth, "disabled");
    assert.deepEqual([(await found)?.state, (await again)?.state], ["disabled", "disabled"]);
    assert(cluster.operations().length <= 2, cluster.operations().join());
  });

  it("never return what was read before a write, also if it was under way", async () => {
    const user = userOn(cluster.emulator, fifth);
    cluster.emulator.failNext({ operation: "getUser", kind: "late", delayMs: 50 });
    const underWay = cluster.session.findUser(fifth, anyone);
    await cluster.session.withUser(fifth, anyone, () =>
      cluster.session.setUserState({ ...user } as ApiUser, "disabled"),
    );
    assert.equal((await underWay)?.state, "disabled");
    assert.equal((await cluster.session.findUser(fifth, anyone))?.state, "disabled");
  });

  it("read only the changed user again after a write", async () => {
    await findAll();
    await cluster.session.withUser(fifth, anyone, async (user) => {
      if (user) await cluster.session.setUserState(user, "disabled");
    });
    cluster.emulator.clearRequests();
    const found = await findAll();
    assert.equal(found[4]?.state, "disabled");
    assert.deepEqual(counts(cluster.operations()), { getUser: 1 });
  });

  it("never show a key that this run revoked, though stale reads do", async () => {
    const user = await cluster.session.readUser(fifth);
    const id = user?.accessKeys[0]?.accessKeyId ?? "";
    assert(user);
    await cluster.session.revokeKey(user, id);
    const client = clientOf(cluster.session);
    client.getUser = () => Promise.resolve(user);
    assert.deepEqual((await cluster.session.findUser(fifth, anyone))?.accessKeys, []);
  });
});
