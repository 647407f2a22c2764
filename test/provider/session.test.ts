import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { failureOf, useCluster } from "./cluster";

describe("listedUsers and listedBuckets", () => {
  const cluster = useCluster();

  it("ask once, for those who ask at the same time too", async () => {
    const { session } = cluster;
    await Promise.all([session.listedUsers(), session.listedUsers(), session.listedBuckets()]);
    await session.listedUsers();
    await session.listedBuckets();
    assert.deepEqual(cluster.operations().sort(), ["listBuckets", "listUsers"]);
  });

  it("ask again after a change, a failed one too", async () => {
    const { session } = cluster;
    await session.listedUsers();
    await session.change(() => session.client.createUser("a@example.com"));
    assert.equal((await session.listedUsers()).length, 2);
    await failureOf(session.change(() => Promise.reject(new Error("failed"))));
    await session.listedUsers();
    assert.equal(cluster.operations().filter((name) => name === "listUsers").length, 3);
  });

  it("use nothing after a change that was asked for while it ran", async () => {
    const { session } = cluster;
    await session.change(async () => {
      assert.equal((await session.listedUsers()).length, 1);
      await session.client.createUser("a@example.com");
    });
    assert.equal((await session.listedUsers()).length, 2);
  });

  it("don't remember a failure", async () => {
    const { session } = cluster;
    cluster.emulator.failNext({ operation: "listUsers", kind: "status", status: 405, times: 2 });
    await failureOf(session.listedUsers());
    assert.equal((await session.listedUsers()).length, 1);
  });
});

describe("changeKeys", () => {
  const cluster = useCluster();

  async function overlap(...addresses: string[]): Promise<number> {
    let underWay = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++underWay);
      await wait(5);
      underWay -= 1;
    };
    await Promise.all(addresses.map((address) => cluster.session.changeKeys(address, work)));
    return most;
  }

  it("changes one user's keys one at a time, whatever the spelling of the address", async () => {
    assert.equal(await overlap("a@example.com", "a@example.com", "A@Example.com"), 1);
  });

  it("changes different users' keys at the same time", async () => {
    assert.equal(await overlap("a@example.com", "b@example.com", "c@example.com"), 3);
  });

  it("goes on after a change that failed", async () => {
    const { session } = cluster;
    const failed = failureOf(
      session.changeKeys("a@example.com", () => Promise.reject(new Error("x"))),
    );
    const next = session.changeKeys("a@example.com", () => Promise.resolve("done"));
    assert.equal((await failed).message, "x");
    assert.equal(await next, "done");
  });

  it("forgets what was listed", async () => {
    const { session } = cluster;
    await session.listedUsers();
    await session.changeKeys("a@example.com", () => session.client.createUser("a@example.com"));
    assert.equal((await session.listedUsers()).length, 2);
  });
});
