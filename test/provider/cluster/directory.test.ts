import assert from "node:assert/strict";
import type { ApiUser } from "../../../provider/api/schemas";
import { clientOf, failureOf, useEmulator, userOn } from "../harness";

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
  const setup = useEmulator();
  beforeEach(() => {
    for (const address of addresses) setup.emulator.cluster.createUser(address);
  });
  const findAll = () => Promise.all(addresses.map((each) => setup.cluster.findUser(each, anyone)));

  /** Holds the answer to the next read of a user until the returned function is called. */
  const holdFirstRead = () => {
    const client = clientOf(setup.cluster);
    const getUser = client.getUser.bind(client);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    client.getUser = async (...args) => {
      client.getUser = getUser;
      const user = await getUser(...args);
      await released;
      return user;
    };
    return release;
  };

  it("read the first three users one by one, then one list", async () => {
    await findAll();
    assert.deepEqual(counts(setup.operations()), { getUser: 3, listUsers: 1 });
  });

  it("share one response among all resources of a user", async () => {
    const [address = ""] = addresses;
    await Promise.all([1, 2, 3].map(() => setup.cluster.findUser(address, anyone)));
    assert.deepEqual(counts(setup.operations()), { getUser: 1 });
  });

  it("read a user by itself if the list contains its address twice", async () => {
    const client = clientOf(setup.cluster);
    const list = client.listUsers.bind(client);
    client.listUsers = async () => {
      const users = await list();
      const twins = users.filter(({ emailAddress }) => emailAddress === fifth);
      return [...users, ...twins.map((user) => ({ ...user, userId: "0123456789abcdef" }))];
    };
    const found = await findAll();
    assert.equal(found[4]?.userId, userOn(setup.emulator, fifth).userId);
  });

  it("do not cache a failed response", async () => {
    const [address = ""] = addresses;
    setup.emulator.failNext({ operation: "getUser", kind: "status", status: 405, times: 2 });
    await failureOf(setup.cluster.findUser(address, anyone));
    assert.equal((await setup.cluster.findUser(address, anyone))?.emailAddress, address);
  });

  it("read users one by one when the list failed, and do not request the list again", async () => {
    setup.emulator.failNext({ operation: "listUsers", kind: "status", status: 405, times: 10 });
    assert((await findAll()).every((user) => user !== undefined));
    assert.equal((await findAll())[3]?.emailAddress, fourth);
    const listed = setup.emulator.requests.filter(({ operation }) => operation === "listUsers");
    assert(listed.length <= 2, "once for V4, once for V2");
  });

  it("read a user again that differs from the expected one, and share that response too", async () => {
    const isOther = ({ state }: ApiUser) => state === "disabled";
    const found = setup.cluster.findUser(fourth, isOther);
    const again = setup.cluster.findUser(fourth, isOther);
    setup.emulator.cluster.setUserState(fourth, "disabled");
    assert.deepEqual([(await found)?.state, (await again)?.state], ["disabled", "disabled"]);
    assert(setup.operations().length <= 2, setup.operations().join());
  });

  it("never return what was read before a write, even if the read is still under way", async () => {
    const user = userOn(setup.emulator, fifth);
    const written = holdFirstRead();
    const underWay = setup.cluster.findUser(fifth, anyone);
    await setup.cluster.withUser(fifth, anyone, () =>
      setup.cluster.setUserState({ ...user } as ApiUser, "disabled"),
    );
    written();
    assert.equal((await underWay)?.state, "disabled");
    assert.equal((await setup.cluster.findUser(fifth, anyone))?.state, "disabled");
  });

  it("read only the changed user again after a write", async () => {
    await findAll();
    await setup.cluster.withUser(fifth, anyone, async (user) => {
      if (user) await setup.cluster.setUserState(user, "disabled");
    });
    setup.emulator.clearRequests();
    const found = await findAll();
    assert.equal(found[4]?.state, "disabled");
    assert.deepEqual(counts(setup.operations()), { getUser: 1 });
  });

  it("never return a key that this run revoked, although stale reads do", async () => {
    const user = await setup.cluster.readUser(fifth);
    const id = user?.accessKeys[0]?.accessKeyId ?? "";
    assert(user);
    await setup.cluster.revokeKey(user, id);
    const client = clientOf(setup.cluster);
    client.getUser = () => Promise.resolve(user);
    assert.deepEqual((await setup.cluster.findUser(fifth, anyone))?.accessKeys, []);
  });
});
