import assert from "node:assert/strict";
import type { Cluster as EmulatorCluster } from "../../../../emulator/cluster";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import type { Cluster } from "../../../../provider/cluster/cluster";
import { userLifecycle } from "../../../../provider/resources/user/user";
import {
  clientOf,
  failureOf,
  fromState,
  openWith,
  useEmulator,
  userOn,
  type Setup,
} from "../../harness";

const address = "ops@acme.example";
const create = (cluster: Cluster, more: Bag = {}) =>
  userLifecycle.create(cluster, userLifecycle.check({ emailAddress: address, ...more }).inputs);
const count = (setup: Setup, operation: string) =>
  setup.operations().filter((name) => name === operation).length;

/** Another web server returns 404 for the read, and the PUT is not carried out. */
function failReadAndPut({ emulator }: Setup, status: number): void {
  emulator.failNext({ operation: "getUser", kind: "html", status: 404 });
  emulator.failNext({ operation: "createUser", kind: "status", status });
}

/** Lets someone else act between the read and the PUT. */
function actBeforePut(
  { emulator }: Setup,
  cluster: Cluster,
  act: (outside: EmulatorCluster) => void,
) {
  const put = clientOf(cluster).createUser.bind(clientOf(cluster));
  clientOf(cluster).createUser = (who) => {
    act(emulator.cluster);
    return put(who);
  };
}

describe("create of a user that exists, while a load balancer fails", () => {
  const setup = useEmulator();

  for (const status of [429, 500, 502, 503]) {
    it(`does not adopt the user after a 404 and a ${status}`, async () => {
      setup.emulator.cluster.createUser(address);
      setup.emulator.cluster.setUserState(address, "disabled");
      const before = userOn(setup.emulator, address);
      failReadAndPut(setup, status);
      const { message } = await failureOf(create(setup.cluster));
      assert.match(message, /^create user ops@acme\.example: it already exists/);
      assert(message.includes(`adopt: "${before.userId}", state: "disabled"; `), message);
      assert.deepEqual(userOn(setup.emulator, address), before);
      assert.equal(count(setup, "createUser"), 0);
    });
  }

  it("adopts the named user, whatever one read returns", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "getUser", kind: "html", status: 404 });
    const { outs } = await create(setup.cluster, { adopt: userId });
    assert.equal(outs["userId"], userId);
  });

  it("creates no user when the list cannot be read", async () => {
    setup.emulator.failNext({ operation: "listUsers", kind: "html", status: 404, times: 2 });
    assert((await failureOf(create(setup.cluster))) instanceof ApiError);
    assert.deepEqual(setup.emulator.cluster.users(), []);
  });

  it("does not adopt a user that another resource of the run created", async () => {
    await create(setup.cluster, { createAccessKey: true });
    const before = userOn(setup.emulator, address);
    failReadAndPut(setup, 503);
    assert.match((await failureOf(create(setup.cluster))).message, /declares this user already/);
    assert.deepEqual(userOn(setup.emulator, address), before);
  });
});

describe("create of a user that the service lists in another case", () => {
  for (const existingUserStatus of [200, 409]) {
    const setup = useEmulator({ assumptions: { foldAddressCase: true, existingUserStatus } });

    it(`does not adopt a user whose id existed before (${existingUserStatus} to a second PUT)`, async () => {
      setup.emulator.cluster.createUser(address);
      const before = userOn(setup.emulator, address);
      const mixed = { emailAddress: "Ops@acme.example" };
      // Once for Signature Version 4, once for Version 2.
      setup.emulator.failNext({ operation: "getUser", kind: "html", status: 404, times: 2 });
      if (existingUserStatus === 409) {
        setup.emulator.failNext({ operation: "createUser", kind: "status", status: 503 });
      }
      assert.match((await failureOf(create(setup.cluster, mixed))).message, /it already exists/);
      assert.equal(count(setup, "createUser"), 0);
      assert.deepEqual(userOn(setup.emulator, address), before);
    });

    it(`revokes no key when the engine exits meanwhile (${existingUserStatus})`, async () => {
      setup.emulator.cluster.createUser(address);
      const cluster = openWith(setup.cluster.settings, {
        isLost: () => setup.operations().includes("createUser"),
      });
      setup.emulator.failNext({ operation: "getUser", kind: "html", status: 404, times: 2 });
      await failureOf(create(cluster, { emailAddress: "Ops@acme.example" }));
      await cluster.close();
      assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
    });
  }
});

describe("create of a user, when someone else creates it between the read and the PUT", () => {
  const setup = useEmulator();
  const others: Record<string, (outside: EmulatorCluster) => void> = {
    "is disabled": (outside) => {
      outside.setUserState(address, "disabled");
    },
    "owns a bucket": (outside) => {
      outside.createBucket("inventory", address);
    },
    "has two keys": (outside) => {
      outside.generateKey(address);
    },
    "has no key": (outside) => {
      outside.revokeKey(outside.user(address)?.accessKeys[0]?.accessKeyId ?? "");
    },
  };

  for (const [what, change] of Object.entries(others)) {
    it(`does not adopt a user that ${what}, after a 503`, async () => {
      setup.emulator.failNext({ operation: "createUser", kind: "status", status: 503 });
      actBeforePut(setup, setup.cluster, (on) => {
        on.createUser(address);
        change(on);
      });
      const { message } = await failureOf(create(setup.cluster));
      const { userId, accessKeys, state } = userOn(setup.emulator, address);
      assert(message.includes(`it already exists (userId ${userId}`), message);
      const kept = { "has two keys": 2, "has no key": 0 }[what] ?? 1;
      assert.equal(accessKeys.length, kept);
      assert.equal(state, what === "is disabled" ? "disabled" : "enabled");
    });
  }

  it("does not adopt a user whose buckets cannot be read, and reports it", async () => {
    setup.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    setup.emulator.failNext({
      operation: "listBuckets",
      kind: "status",
      status: 503,
      times: 100,
    });
    const { message } = await failureOf(create(setup.cluster));
    assert.match(message, /whether it was carried out could not be read \(list buckets .*503/);
    assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
  });

  it("decides by the other properties where the service does not list buckets", async () => {
    setup.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
    setup.emulator.failNext({ operation: "listBuckets", kind: "status", status: 405 });
    const { outs } = await create(setup.cluster);
    assert.equal(outs["userId"], userOn(setup.emulator, address).userId);
  });

  it("does not read the user after a 429, which created nothing", async () => {
    const cluster = setup.open({ maxRetries: "0" });
    setup.emulator.failNext({ operation: "createUser", kind: "status", status: 429 });
    actBeforePut(setup, cluster, (on) => void on.createUser(address));
    assert.match((await failureOf(create(cluster))).message, /answered 429/);
    assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
    assert.equal(count(setup, "getUser"), 1);
  });
});

describe("create of a user, when the service returns 200 with a user that was just created", () => {
  const setup = useEmulator({ assumptions: { existingUserStatus: 200 } });

  it("does not adopt a user that has two keys", async () => {
    actBeforePut(setup, setup.cluster, (on) => {
      on.createUser(address);
      on.generateKey(address);
    });
    assert.match((await failureOf(create(setup.cluster))).message, /it already exists/);
    assert.equal(userOn(setup.emulator, address).accessKeys.length, 2);
  });
});

describe("create of many users in one run", () => {
  const setup = useEmulator();

  it("requests one list", async () => {
    const addresses = Array.from({ length: 12 }, (_, index) => `t${index}@acme.example`);
    const [first, ...rest] = addresses;
    await create(setup.cluster, { emailAddress: first });
    await Promise.all(rest.map((emailAddress) => create(setup.cluster, { emailAddress })));
    assert.equal(setup.emulator.cluster.users().length, 12);
    assert.equal(count(setup, "listUsers"), 1);
    assert.equal(
      setup.operations().length,
      12 * 4 + 1,
      "4 for each: read, PUT, read, revoke; and one list",
    );
  });

  it("creates a user that someone else deleted after the list", async () => {
    setup.emulator.cluster.createUser(address);
    await create(setup.cluster, { emailAddress: "first@acme.example" });
    setup.emulator.cluster.deleteUser(address);
    const { outs } = await create(setup.cluster);
    assert.equal(outs["userId"], userOn(setup.emulator, address).userId);
  });
});

for (const lagMs of [0, 150]) {
  describe(`create of a user that the run deleted, with reads ${lagMs} ms stale`, () => {
    const setup = useEmulator({ assumptions: { lagMs } });

    it("creates it again whatever is read, unless it was to be adopted", async () => {
      const first = await create(setup.cluster, { createAccessKey: true });
      const cluster = setup.open();
      await userLifecycle.delete(cluster, address, fromState(first.outs));
      cluster.claims.giveUp([String(first.outs["userId"])]);
      const adopting = create(cluster, { adopt: first.outs["userId"] });
      await assert.rejects(adopting, /this run has just deleted it/);
      const { outs } = await create(cluster);
      const { userId } = userOn(setup.emulator, address);
      assert.equal(outs["userId"], userId);
      assert.notEqual(userId, first.outs["userId"]);
    });
  });
}
