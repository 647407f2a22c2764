import assert from "node:assert/strict";
import { userLifecycle } from "../../provider/user";
import type { Bag } from "../../provider/lifecycle";
import type { Session } from "../../provider/session";
import { failureOf, useCluster, userOn, type TestCluster } from "./cluster";

const address = (index: number) => `tenant-${index}@acme.example`;

function create(session: Session, emailAddress: string, more: Bag = {}) {
  const declared = { state: "enabled", createAccessKey: false, deleteEmptyBuckets: false };
  return userLifecycle.create(session, { emailAddress, ...declared, ...more });
}

/** Makes as many users as it takes to learn, and forgets their requests. */
async function learn(cluster: TestCluster): Promise<void> {
  for (let index = 0; index < 4; index += 1) await create(cluster.session, address(index));
  cluster.emulator.clearRequests();
}

describe("a run that makes many users, where the service refuses those who exist", () => {
  const cluster = useCluster();

  it("tries that once, on its own fourth user, and doesn't look before the others", async () => {
    for (let index = 0; index < 3; index += 1) await create(cluster.session, address(index));
    cluster.emulator.clearRequests();
    await create(cluster.session, address(3));
    const puts = cluster.operations().filter((name) => name === "createUser");
    assert.equal(puts.length, 2);
    assert.deepEqual(userOn(cluster.emulator, address(3)).accessKeys, []);
    cluster.emulator.clearRequests();
    await create(cluster.session, address(4));
    assert.deepEqual(cluster.operations().sort(), ["createUser", "getUser", "revokeKey"]);
  });

  it("takes nobody over who came after its list", async () => {
    await learn(cluster);
    cluster.emulator.cluster.createUser(address(5));
    const before = userOn(cluster.emulator, address(5));
    const error = await failureOf(create(cluster.session, address(5)));
    assert.match(error.message, new RegExp(`it exists already.* adopt: "${before.userId}"`));
    assert.deepEqual(userOn(cluster.emulator, address(5)), before);
  });

  it("refuses who was there before without a PUT", async () => {
    cluster.emulator.cluster.createUser(address(5));
    await learn(cluster);
    await failureOf(create(cluster.session, address(5)));
    assert(!cluster.operations().includes("createUser"));
  });

  it("looks for whom it is to adopt", async () => {
    await learn(cluster);
    cluster.emulator.cluster.createUser(address(5));
    const { userId } = userOn(cluster.emulator, address(5));
    const { outs } = await create(cluster.session, address(5), { adopt: userId });
    assert.equal(outs["userId"], userId);
  });

  it("learns nothing from a failure", async () => {
    for (let index = 0; index < 3; index += 1) await create(cluster.session, address(index));
    const { client } = cluster.session;
    const put = client.createUser.bind(client);
    client.createUser = async (emailAddress) => {
      const user = await put(emailAddress);
      cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 503 });
      return user;
    };
    await create(cluster.session, address(3));
    cluster.emulator.clearRequests();
    await create(cluster.session, address(4));
    assert.equal(cluster.operations()[0], "getUser");
  });
});

describe("a run that tries a second PUT, when somebody makes the user anew meanwhile", () => {
  const cluster = useCluster();

  it("deletes nobody after a failure that leaves open what happened", async () => {
    for (let index = 0; index < 3; index += 1) await create(cluster.session, address(index));
    const { client } = cluster.session;
    const put = client.createUser.bind(client);
    let puts = 0;
    client.createUser = async (emailAddress) => {
      if ((puts += 1) === 1) return put(emailAddress);
      cluster.emulator.cluster.deleteUser(emailAddress);
      cluster.emulator.cluster.createUser(emailAddress);
      cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 503 });
      return put(emailAddress);
    };
    await create(cluster.session, address(3));
    assert.equal(puts, 2);
    assert.equal(userOn(cluster.emulator, address(3)).accessKeys.length, 1);
    assert(!cluster.operations().includes("deleteUser"));
  });
});

describe("a run that makes many users, where the service answers who exists", () => {
  const cluster = useCluster({ assumptions: { existingUserStatus: 200 } });

  it("goes on looking before each", async () => {
    await learn(cluster);
    cluster.emulator.cluster.createUser(address(5));
    const before = userOn(cluster.emulator, address(5));
    await failureOf(create(cluster.session, address(5)));
    assert.equal(cluster.operations()[0], "getUser");
    assert(!cluster.operations().includes("createUser"));
    assert.deepEqual(userOn(cluster.emulator, address(5)), before);
  });

  it("leaves another user alone with whom the service answers, and names it", async () => {
    for (let index = 0; index < 3; index += 1) await create(cluster.session, address(index));
    const { client } = cluster.session;
    const put = client.createUser.bind(client);
    const asked: string[] = [];
    client.createUser = async (emailAddress) => {
      asked.push(emailAddress);
      const user = await put(emailAddress);
      return asked.length === 1 ? user : { ...user, userId: "00000000000000ff" };
    };
    await create(cluster.session, address(3));
    assert(!cluster.operations().includes("deleteUser"));
    assert.match(
      cluster.warnings.join(),
      /another user \(userId 00000000000000ff\); if nobody else/,
    );
  });

  it("takes a pair back that the service adds to the answer", async () => {
    for (let index = 0; index < 3; index += 1) await create(cluster.session, address(index));
    const { client } = cluster.session;
    const put = client.createUser.bind(client);
    const asked: string[] = [];
    client.createUser = async (emailAddress) => {
      asked.push(emailAddress);
      const user = await put(emailAddress);
      return asked.length === 1 ? user : client.generateKey(emailAddress);
    };
    await create(cluster.session, address(3));
    assert.equal(asked.length, 2);
    assert.deepEqual(userOn(cluster.emulator, address(3)).accessKeys, []);
    assert(cluster.operations().includes("generateKey"));
  });
});
