import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../provider/accessKey";
import { HalfMadeError, type Bag } from "../../provider/lifecycle";
import { createSession, type Session } from "../../provider/session";
import { userLifecycle } from "../../provider/user";
import { failureOf, fromState, useCluster, userOn } from "./cluster";

const address = "ops@acme.example";
const inputs = { emailAddress: address, state: "enabled", deleteEmptyBuckets: false };

describe("a call whose engine is lost", () => {
  const cluster = useCluster();
  const opened: Session[] = [];
  /** A session whose engine is lost once the cluster was asked for an operation, or from the start. */
  const losing = (operation?: string) => {
    const isLost = () => operation === undefined || cluster.operations().includes(operation);
    const session = createSession(cluster.session.settings, {
      isLost,
      retryBaseMs: 1,
      visibility: { patienceMs: 50, pauseMs: 1, settleMs: 50 },
    });
    opened.push(session);
    return session;
  };
  const create = (session: Session, more: Bag = {}) =>
    userLifecycle.create(session, { ...inputs, createAccessKey: false, ...more });
  const createKey = (session: Session, more: Bag = {}) =>
    accessKeyLifecycle.create(session, { user: address, replaceOrder: "create-first", ...more });
  const users = () => cluster.emulator.cluster.users();
  afterEach(() => Promise.all(opened.splice(0).map(({ client }) => client.close())));

  it("takes back the user that it made", async () => {
    const error = await failureOf(create(losing("createUser")));
    assert.equal(
      error.message,
      `create user ${address}: the run was stopped before this could be recorded; it was taken back`,
    );
    assert(!(error instanceof HalfMadeError));
    assert.deepEqual(users(), []);
    assert.deepEqual(cluster.operations().slice(-2), ["createUser", "deleteUser"]);
  });

  it("takes back a user whose later steps were under way", async () => {
    await failureOf(create(losing("revokeKey")));
    assert.deepEqual(users(), []);
  });

  it("takes back a user whose later steps failed", async () => {
    cluster.emulator.failNext({ operation: "revokeKey", kind: "status", status: 400 });
    cluster.emulator.failNext({ operation: "disableUser", kind: "status", status: 400 });
    await failureOf(create(losing("disableUser"), { state: "disabled" }));
    assert.deepEqual(users(), []);
  });

  it("sends nothing that makes something", async () => {
    await failureOf(create(losing()));
    assert.deepEqual(cluster.operations(), ["getUser", "listUsers"]);
  });

  it("leaves alone what it only found, and says how to take it over", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    const { message } = await failureOf(create(losing("createUser")));
    const { userId } = userOn(cluster.emulator, address);
    assert.match(message, new RegExp(`it exists, and is left as it is: adopt: "${userId}"`));
  });

  it("sends a creation no second time", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 503, times: 3 });
    const { message } = await failureOf(create(losing("createUser")));
    assert.match(message, /503/);
    assert.equal(cluster.operations().filter((name) => name === "createUser").length, 1);
  });

  it("names what it couldn't take back", async () => {
    cluster.emulator.failNext({ operation: "deleteUser", kind: "status", status: 409 });
    const { message } = await failureOf(create(losing("createUser")));
    const { userId } = userOn(cluster.emulator, address);
    assert.match(message, /couldn't be taken back \(delete user .*409/);
    assert.match(message, new RegExp(`adopt: "${userId}"`));
  });

  it("undoes nothing of an adoption", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    await create(losing("getUser"), { adopt: userId });
    assert.equal(userOn(cluster.emulator, address).userId, userId);
  });

  it("revokes the pair that it generated, and no other", async () => {
    cluster.emulator.cluster.createUser(address);
    const [first] = userOn(cluster.emulator, address).accessKeys;
    const { message } = await failureOf(createKey(losing("generateKey")));
    assert.match(message, /generate a key of user .*it was taken back/);
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, [first]);
  });

  it("revokes the own pair that an update generated", async () => {
    const { outs } = await create(cluster.session);
    const news = { ...inputs, createAccessKey: true };
    await failureOf(userLifecycle.update(losing("generateKey"), address, fromState(outs), news));
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
  });

  it("leaves a pair alone that it only found", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const { message } = await failureOf(createKey(losing("generateKey")));
    const [, second] = userOn(cluster.emulator, address).accessKeys;
    assert(second);
    assert.match(
      message,
      new RegExp(`npx pulumi-ostor revoke-key ${second.accessKeyId} revokes it$`),
    );
  });
});
