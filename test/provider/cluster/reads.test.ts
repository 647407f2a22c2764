import assert from "node:assert/strict";
import { ApiError } from "../../../provider/api/errors";
import { createLateReads } from "../../../provider/cluster/lateReads";
import { createClock, failureOf, quick, useEmulator, withCluster, withWebServer } from "../harness";

const address = "ops@acme.example";
const notFound = { operation: "getUser", kind: "status", status: 404 } as const;

describe("readUser", () => {
  const setup = useEmulator();

  it("sends one request for a user that exists", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    assert.equal((await setup.cluster.readUser(address))?.userId, userId);
    assert.deepEqual(setup.operations(), ["getUser"]);
  });

  it("returns undefined when the list of users confirms a 404", async () => {
    assert.equal(await setup.cluster.readUser(address), undefined);
    assert.deepEqual(setup.operations(), ["getUser", "getUser", "listUsers"]);
  });

  it("requests the list once for any number of absent users", async () => {
    for (const each of ["a@b", "c@d", "e@f"]) await setup.cluster.readUser(each);
    assert.equal(setup.operations().filter((name) => name === "listUsers").length, 1);
  });

  it("reads again when the list contains the address that was not found", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ ...notFound, times: 2 });
    assert.equal((await setup.cluster.readUser(address))?.userId, userId);
  });

  it("fails when the response and the list keep contradicting each other", async () => {
    setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ ...notFound, times: 100 });
    const error = await failureOf(setup.cluster.readUser(address.toUpperCase()));
    assert.match(
      error.message,
      /answers 404, but its list of users contains this address; nothing was/,
    );
  });

  it("shares lists among all reads that contradict them, because each may be large", async () => {
    const addresses = Array.from({ length: 12 }, (_, index) => `ops${index}@acme.example`);
    for (const each of addresses) setup.emulator.cluster.createUser(each);
    setup.emulator.failNext({ ...notFound, times: 100 });
    const reads = addresses.map((each) => failureOf(setup.cluster.readUser(each)));
    for (const { message } of await Promise.all(reads)) assert.match(message, /but its list/);
    const lists = setup.operations().filter((name) => name === "listUsers").length;
    assert(lists <= 6, String(lists));
  });

  it("fails when another address differs only in case, because a service may fold case", async () => {
    setup.emulator.cluster.createUser("Ops@acme.example");
    const { message } = await failureOf(setup.cluster.readUser(address));
    assert.match(message, /answers 404, but its list of users contains this address/);
  });

  it("fails when the list cannot be read", async () => {
    setup.emulator.failNext({ operation: "listUsers", kind: "status", status: 405, times: 2 });
    assert.match((await failureOf(setup.cluster.readUser(address))).message, /^list users: /);
  });

  it("fails on a web server that returns 404 for everything", async () => {
    await withWebServer(
      (_, response) => response.writeHead(404).end("not here"),
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          const error = await failureOf(cluster.readUser(address));
          assert(error instanceof ApiError);
          assert.match(error.message, /^list users: the service answered 404/);
        });
      },
    );
  });

  it("fails on a web server that does not return a list of users", async () => {
    await withWebServer(
      (request, response) =>
        response.writeHead(request.url === "/?ostor-users" ? 200 : 404).end("<html>welcome</html>"),
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          assert.match((await failureOf(cluster.readUser(address))).message, /it is not JSON/);
        });
      },
    );
  });
});

describe("readUser, where reads are stale", () => {
  const setup = useEmulator({ assumptions: { lagMs: 150 } });

  it("waits once in a run for writes of an earlier run, then reads again", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    assert.equal((await setup.cluster.readUser(address))?.userId, userId);
    setup.emulator.clearRequests();
    assert.equal(await setup.cluster.readUser("nobody@acme.example"), undefined);
    assert.deepEqual(setup.operations(), ["getUser", "listUsers"]);
  });
});

describe("untilFound", () => {
  const clock = createClock();
  const reads = createLateReads(quick.visibility, clock);
  const untilFound = <T>(read: () => Promise<T | undefined>) => reads.untilFound(read);

  it("returns what it finds as soon as it exists", async () => {
    let count = 0;
    const read = () => Promise.resolve(++count === 3 ? "found" : undefined);
    assert.equal(await untilFound(read), "found");
    assert.equal(count, 3);
  });

  it("stops at the end of its patience", async () => {
    const start = clock.now();
    assert.equal(await untilFound(() => Promise.resolve<string | undefined>(undefined)), undefined);
    const tookMs = clock.now() - start;
    assert(tookMs >= 200, String(tookMs));
  });

  it("passes on a failure", async () => {
    const work = untilFound(() => Promise.reject(new Error("failed")));
    assert.equal((await failureOf(work)).message, "failed");
  });
});
