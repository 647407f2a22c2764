import assert from "node:assert/strict";
import type { Cluster } from "../../../../emulator/cluster";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import type { Cluster as ClusterView } from "../../../../provider/cluster/cluster";
import { userLifecycle } from "../../../../provider/resources/user/user";
import {
  clientOf,
  failureOf,
  fromState,
  openWith,
  useCluster,
  userOn,
  type TestCluster,
} from "../../harness";

const address = "ops@acme.example";
const create = (session: ClusterView, more: Bag = {}) =>
  userLifecycle.create(session, userLifecycle.check({ emailAddress: address, ...more }).inputs);
const count = (cluster: TestCluster, operation: string) =>
  cluster.operations().filter((name) => name === operation).length;

/** Another web server's 404 to the look, and the PUT not carried out. */
function failLookAndPut({ emulator }: TestCluster, status: number): void {
  emulator.failNext({ operation: "getUser", kind: "html", status: 404 });
  emulator.failNext({ operation: "createUser", kind: "status", status });
}

/** Lets somebody else come in the moment between look and PUT. */
function comeBeforePut(
  { emulator }: TestCluster,
  session: ClusterView,
  come: (on: Cluster) => void,
) {
  const put = clientOf(session).createUser.bind(clientOf(session));
  clientOf(session).createUser = (who) => {
    come(emulator.cluster);
    return put(who);
  };
}

describe("create of a user who exists, while a load balancer is in trouble", () => {
  const cluster = useCluster();

  for (const status of [429, 500, 502, 503]) {
    it(`takes nobody over after a 404 and a ${status}`, async () => {
      cluster.emulator.cluster.createUser(address);
      cluster.emulator.cluster.setUserState(address, "disabled");
      const before = userOn(cluster.emulator, address);
      failLookAndPut(cluster, status);
      const { message } = await failureOf(create(cluster.session));
      assert.match(message, /^create user ops@acme\.example: it already exists/);
      assert(message.includes(`adopt: "${before.userId}", state: "disabled"; `), message);
      assert.deepEqual(userOn(cluster.emulator, address), before);
      assert.equal(count(cluster, "createUser"), 0);
    });
  }

  it("adopts the one it is told to, whatever one look says", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "getUser", kind: "html", status: 404 });
    const { outs } = await create(cluster.session, { adopt: userId });
    assert.equal(outs["userId"], userId);
  });

  it("makes nobody when the list can't be read", async () => {
    cluster.emulator.failNext({ operation: "listUsers", kind: "html", status: 404, times: 2 });
    assert((await failureOf(create(cluster.session))) instanceof ApiError);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
  });

  it("takes nobody over whom another resource of the run made", async () => {
    await create(cluster.session, { createAccessKey: true });
    const before = userOn(cluster.emulator, address);
    failLookAndPut(cluster, 503);
    assert.match((await failureOf(create(cluster.session))).message, /declares this user already/);
    assert.deepEqual(userOn(cluster.emulator, address), before);
  });
});

describe("create of a user whom the service lists in other letters", () => {
  for (const existingUserStatus of [200, 409]) {
    const cluster = useCluster({ assumptions: { foldAddressCase: true, existingUserStatus } });

    it(`takes nobody over whose id was there before (${existingUserStatus} to a second PUT)`, async () => {
      cluster.emulator.cluster.createUser(address);
      const before = userOn(cluster.emulator, address);
      const mixed = { emailAddress: "Ops@acme.example" };
      // For V4, and for V2.
      cluster.emulator.failNext({ operation: "getUser", kind: "html", status: 404, times: 2 });
      if (existingUserStatus === 409) {
        cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 503 });
      }
      assert.match((await failureOf(create(cluster.session, mixed))).message, /it already exists/);
      assert.equal(count(cluster, "createUser"), 0);
      assert.deepEqual(userOn(cluster.emulator, address), before);
    });

    it(`deletes none when the engine is lost meanwhile (${existingUserStatus})`, async () => {
      cluster.emulator.cluster.createUser(address);
      const session = openWith(cluster.session.settings, {
        isLost: () => cluster.operations().includes("createUser"),
      });
      cluster.emulator.failNext({ operation: "getUser", kind: "html", status: 404, times: 2 });
      await failureOf(create(session, { emailAddress: "Ops@acme.example" }));
      await session.close();
      assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
    });
  }
});

describe("create of a user, when somebody else comes between look and PUT", () => {
  const cluster = useCluster();
  const strangers: Record<string, (on: Cluster) => void> = {
    "is disabled": (on) => {
      on.setUserState(address, "disabled");
    },
    "owns a bucket": (on) => {
      on.createBucket("inventory", address);
    },
    "has two pairs": (on) => {
      on.generateKey(address);
    },
    "has none": (on) => {
      on.revokeKey(on.user(address)?.accessKeys[0]?.accessKeyId ?? "");
    },
  };

  for (const [what, change] of Object.entries(strangers)) {
    it(`takes none over who ${what}, after a 503`, async () => {
      cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 503 });
      comeBeforePut(cluster, cluster.session, (on) => {
        on.createUser(address);
        change(on);
      });
      const { message } = await failureOf(create(cluster.session));
      const { userId, accessKeys, state } = userOn(cluster.emulator, address);
      assert(message.includes(`it already exists (userId ${userId}`), message);
      const kept = { "has two pairs": 2, "has none": 0 }[what] ?? 1;
      assert.equal(accessKeys.length, kept);
      assert.equal(state, what === "is disabled" ? "disabled" : "enabled");
    });
  }

  it("takes none over of whom its buckets can't be read, and says that it is open", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    cluster.emulator.failNext({
      operation: "listBuckets",
      kind: "status",
      status: 503,
      times: 100,
    });
    const { message } = await failureOf(create(cluster.session));
    assert.match(message, /whether it was carried out could not be read \(list buckets .*503/);
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
  });

  it("goes by the rest where the service tells no buckets", async () => {
    cluster.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    cluster.emulator.failNext({ operation: "listBuckets", kind: "status", status: 405 });
    const { outs } = await create(cluster.session);
    assert.equal(outs["userId"], userOn(cluster.emulator, address).userId);
  });

  it("doesn't look after a 429, which made nobody", async () => {
    const session = cluster.open({ maxRetries: "0" });
    cluster.emulator.failNext({ operation: "createUser", kind: "status", status: 429 });
    comeBeforePut(cluster, session, (on) => void on.createUser(address));
    assert.match((await failureOf(create(session))).message, /answered 429/);
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
    assert.equal(count(cluster, "getUser"), 1);
  });
});

describe("create of a user, when the service answers 200 with who just came", () => {
  const cluster = useCluster({ assumptions: { existingUserStatus: 200 } });

  it("takes none over who has two pairs", async () => {
    comeBeforePut(cluster, cluster.session, (on) => {
      on.createUser(address);
      on.generateKey(address);
    });
    assert.match((await failureOf(create(cluster.session))).message, /it already exists/);
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 2);
  });
});

describe("create of many users in one run", () => {
  const cluster = useCluster();

  it("asks for one list", async () => {
    const addresses = Array.from({ length: 12 }, (_, index) => `t${index}@acme.example`);
    const [first, ...rest] = addresses;
    await create(cluster.session, { emailAddress: first });
    await Promise.all(rest.map((emailAddress) => create(cluster.session, { emailAddress })));
    assert.equal(cluster.emulator.cluster.users().length, 12);
    assert.equal(count(cluster, "listUsers"), 1);
    assert.equal(
      cluster.operations().length,
      12 * 4 + 1,
      "4 for each: look, PUT, look, revoke; and one list",
    );
  });

  it("makes whom somebody deleted since the list", async () => {
    cluster.emulator.cluster.createUser(address);
    await create(cluster.session, { emailAddress: "first@acme.example" });
    cluster.emulator.cluster.deleteUser(address);
    const { outs } = await create(cluster.session);
    assert.equal(outs["userId"], userOn(cluster.emulator, address).userId);
  });
});

for (const lagMs of [0, 150]) {
  describe(`create of a user whom the run deleted, reads ${lagMs} ms late`, () => {
    const cluster = useCluster({ assumptions: { lagMs } });

    it("makes it anew, whatever is shown, unless it moved away and was to be adopted", async () => {
      const first = await create(cluster.session, { createAccessKey: true });
      const session = cluster.open();
      await userLifecycle.delete(session, address, fromState(first.outs));
      session.claims.giveUp([String(first.outs["userId"])]);
      const adopting = create(session, { adopt: first.outs["userId"] });
      await assert.rejects(adopting, /this run has just deleted it/);
      const { outs } = await create(session);
      const { userId } = userOn(cluster.emulator, address);
      assert.equal(outs["userId"], userId);
      assert.notEqual(userId, first.outs["userId"]);
    });
  });
}
