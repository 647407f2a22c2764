import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ApiError } from "../../../provider/api/errors";
import { createLateReads } from "../../../provider/cluster/lateReads";
import { failureOf, quick, useCluster, withSession, withWebServer } from "../harness";

const address = "ops@acme.example";
const lost = { operation: "getUser", kind: "status", status: 404 } as const;

describe("readUser", () => {
  const cluster = useCluster();

  it("asks one question about a user who is there", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    assert.equal((await cluster.session.readUser(address))?.userId, userId);
    assert.deepEqual(cluster.operations(), ["getUser"]);
  });

  it("takes a user for absent when the list of users agrees", async () => {
    assert.equal(await cluster.session.readUser(address), undefined);
    assert.deepEqual(cluster.operations(), ["getUser", "getUser", "listUsers"]);
  });

  it("waits once in a run for what the run before wrote, and looks again", async () => {
    const found = cluster.session.readUser(address);
    await pause(50);
    const { userId } = cluster.emulator.cluster.createUser(address);
    assert.equal((await found)?.userId, userId);
    cluster.emulator.clearRequests();
    assert.equal(await cluster.session.readUser("nobody@acme.example"), undefined);
    assert.deepEqual(cluster.operations(), ["getUser", "listUsers"]);
  });

  it("asks for the list once, however many are absent", async () => {
    for (const each of ["a@b", "c@d", "e@f"]) await cluster.session.readUser(each);
    assert.equal(cluster.operations().filter((name) => name === "listUsers").length, 1);
  });

  it("looks again when the list holds the address that wasn't found", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ ...lost, times: 2 });
    assert.equal((await cluster.session.readUser(address))?.userId, userId);
  });

  it("fails when answer and list go on contradicting each other", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ ...lost, times: 100 });
    const error = await failureOf(cluster.session.readUser(address.toUpperCase()));
    assert.match(
      error.message,
      /answers 404, but its list of users contains this address; nothing was/,
    );
  });

  it("fails beside a user whose address differs only in case: services may fold it", async () => {
    cluster.emulator.cluster.createUser("Ops@acme.example");
    const { message } = await failureOf(cluster.session.readUser(address));
    assert.match(message, /answers 404, but its list of users contains this address/);
  });

  it("fails when the list can't be read", async () => {
    cluster.emulator.failNext({ operation: "listUsers", kind: "status", status: 405, times: 2 });
    assert.match((await failureOf(cluster.session.readUser(address))).message, /^list users: /);
  });

  it("fails on a web server that answers 404 to everything, and drops nobody", async () => {
    await withWebServer(
      (_, response) => response.writeHead(404).end("not here"),
      async (endpoint) => {
        await withSession(endpoint, async (session) => {
          const error = await failureOf(session.readUser(address));
          assert(error instanceof ApiError);
          assert.match(error.message, /^list users: the service answered 404/);
        });
      },
    );
  });

  it("fails on a web server whose list is no list of users", async () => {
    await withWebServer(
      (request, response) =>
        response.writeHead(request.url === "/?ostor-users" ? 200 : 404).end("<html>welcome</html>"),
      async (endpoint) => {
        await withSession(endpoint, async (session) => {
          assert.match((await failureOf(session.readUser(address))).message, /it is not JSON/);
        });
      },
    );
  });
});

describe("untilFound", () => {
  const reads = createLateReads(quick.visibility);
  const untilFound = <T>(read: () => Promise<T | undefined>) => reads.untilFound(read);

  it("returns what it finds, as soon as it exists", async () => {
    let count = 0;
    const read = () => Promise.resolve(++count === 3 ? "found" : undefined);
    assert.equal(await untilFound(read), "found");
    assert.equal(count, 3);
  });

  it("gives up when its patience ends", async () => {
    const start = performance.now();
    assert.equal(await untilFound(() => Promise.resolve<string | undefined>(undefined)), undefined);
    const tookMs = performance.now() - start;
    assert(tookMs >= 200, String(tookMs));
  });

  it("passes a failure on", async () => {
    const work = untilFound(() => Promise.reject(new Error("failed")));
    assert.equal((await failureOf(work)).message, "failed");
  });
});
