import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmulatorOptions } from "../../emulator";
import { accessKeyLifecycle } from "../../provider/accessKey";
import type { Bag } from "../../provider/lifecycle";
import { createSnapshot } from "../../provider/snapshot";
import { userLifecycle } from "../../provider/user";
import type { ApiUser } from "../../provider/api/schemas";
import { failureOf, useCluster, userOn } from "./cluster";

const address = (index: number) => `tenant-${index}@acme.example`;

/** A cluster of tenants with one key each, and their states as a stack holds them. */
function useTenants(count: number, assumptions: NonNullable<EmulatorOptions["assumptions"]> = {}) {
  const cluster = useCluster({ assumptions });
  beforeEach(() => {
    for (let index = 0; index < count; index += 1) {
      cluster.emulator.cluster.createUser(address(index));
    }
  });
  const states = (index: number): { user: Bag; keyId: string; key: Bag } => {
    const { userId, accessKeys } = userOn(cluster.emulator, address(index));
    const [{ accessKeyId, secretAccessKey } = { accessKeyId: "", secretAccessKey: "" }] =
      accessKeys;
    const emailAddress = address(index);
    return {
      user: { emailAddress, userId, state: "enabled", ownerId: "0000000000000000", flags: [] },
      keyId: accessKeyId,
      key: { emailAddress, userId, accessKeyId, secretAccessKey },
    };
  };
  /** All users, then all keys, some at a time: as the engine refreshes. */
  const refresh = async () => {
    const all = Array.from({ length: count }, (_, index) => states(index));
    cluster.emulator.clearRequests();
    for (let start = 0; start < count; start += 8) {
      await Promise.all(
        all.slice(start, start + 8).map(async ({ user }, index) => {
          const { id } = await userLifecycle.read(cluster.session, address(start + index), user);
          assert.equal(id, address(start + index));
        }),
      );
    }
    for (const { keyId, key } of all) {
      const { id, props } = await accessKeyLifecycle.read(cluster.session, keyId, key);
      assert.equal(id, keyId);
      assert(props && "secretAccessKey" in props);
    }
  };
  const asked = (operation: string) =>
    cluster.operations().filter((name) => name === operation).length;
  return { cluster, states, refresh, asked };
}

describe("a refresh of 30 tenants", () => {
  const { cluster, refresh, asked } = useTenants(30);

  it("takes one list, and reads each user alone once for its key", async () => {
    await refresh();
    assert.equal(asked("listUsers"), 1);
    assert.equal(asked("getUser"), 30);
    assert.equal(cluster.operations().length, 31);
  });
});

describe("a refresh of 30 tenants, where lists tell keys", () => {
  const { cluster, refresh } = useTenants(30, { listKeys: true });

  it("takes one list after the first users", async () => {
    await refresh();
    assert.equal(cluster.operations().length, 4);
  });
});

describe("a refresh of three tenants", () => {
  const { refresh, asked } = useTenants(3);

  it("takes no list: the cluster may be large", async () => {
    await refresh();
    assert.deepEqual([asked("listUsers"), asked("getUser")], [0, 3]);
  });
});

describe("what was read before a write", () => {
  const { cluster, states, refresh } = useTenants(10);

  it("isn't used after it", async () => {
    await refresh();
    const { user } = states(9);
    await cluster.session.change(() => cluster.session.client.disableUser(address(9)));
    const { props } = await userLifecycle.read(cluster.session, address(9), user);
    assert.equal(props?.["state"], "disabled");
  });

  it("is no list any more: a run that writes and reads in turns would take it each time", async () => {
    await refresh();
    await cluster.session.change(() => cluster.session.client.disableUser(address(9)));
    cluster.emulator.clearRequests();
    for (let index = 0; index < 10; index += 1) {
      await userLifecycle.read(cluster.session, address(index), states(index).user);
    }
    assert.deepEqual(new Set(cluster.operations()), new Set(["getUser"]));
  });
});

describe("a refresh of 30 tenants, where lists don't tell states", () => {
  const { cluster, states, refresh, asked } = useTenants(30, {
    listKeys: true,
    listedStates: false,
  });

  it("reads each user alone: a suspended one would pass for enabled", async () => {
    await refresh();
    assert.deepEqual([asked("listUsers"), asked("getUser")], [1, 30]);
    const { user } = states(20);
    cluster.emulator.cluster.setUserState(address(20), "disabled");
    const fresh = cluster.open();
    for (const index of [0, 1, 2, 3]) {
      await userLifecycle.read(fresh, address(index), states(index).user);
    }
    const { props } = await userLifecycle.read(fresh, address(20), user);
    assert.equal(props?.["state"], "disabled");
  });
});

describe("a refresh of 200 users and one key", () => {
  const { cluster, states, asked } = useTenants(200);

  it("looks ahead of the key no further than twice the connections", async () => {
    const width = cluster.session.settings.maxConcurrency;
    for (let index = 0; index < 200; index += 1) {
      await userLifecycle.read(cluster.session, address(index), states(index).user);
    }
    assert.deepEqual([asked("listUsers"), asked("getUser")], [1, 3]);
    const { keyId, key } = states(50);
    await accessKeyLifecycle.read(cluster.session, keyId, key);
    await settled(() => asked("getUser"));
    assert(asked("getUser") > 4 + width / 2, `${asked("getUser")} asked`);
    assert(asked("getUser") <= 4 + 2 * width, `${asked("getUser")} asked`);
  });
});

/** Waits until a count grows no more. */
async function settled(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count();
    await sleep(100);
  }
}

describe("createSnapshot", () => {
  const user = (emailAddress: string, userId: string): ApiUser => ({
    emailAddress,
    userId,
    state: "enabled",
    ownerId: undefined,
    flags: [],
    accessKeys: [],
  });
  const firsts = ["x@y", "y@y", "z@y"];
  /** Past the first users, which are read alone; `alone` takes the addresses of those who are afterwards. */
  const warmed = async (
    listed: () => Promise<ApiUser[]>,
    now?: () => number,
    ask = (emailAddress: string) => Promise.resolve(user(emailAddress, "1")),
  ) => {
    const alone: string[] = [];
    const snapshot = createSnapshot({
      list: async () => [...firsts.map((name) => user(name, "1")), ...(await listed())],
      ask: (emailAddress) => {
        alone.push(emailAddress);
        return ask(emailAddress);
      },
      width: 4,
      ...(now && { now }),
    });
    for (const name of firsts) await snapshot.read(name, () => true);
    alone.length = 0;
    return { snapshot, alone };
  };

  it("reads alone who is listed twice, in another spelling, or not", async () => {
    const twice = [user("a@b", "1"), user("a@b", "2"), user("c@d", "3")];
    const { snapshot, alone } = await warmed(() => Promise.resolve(twice));
    for (const emailAddress of ["a@b", "C@d", "e@f", "c@d"]) {
      await snapshot.read(emailAddress, () => true);
    }
    assert.deepEqual(alone, ["a@b", "C@d", "e@f"]);
  });

  it("asks once for a list that fails, and keeps no failed answer", async () => {
    let lists = 0;
    let fails = true;
    const { snapshot } = await warmed(
      () => {
        lists += 1;
        return Promise.reject(new Error("too large"));
      },
      undefined,
      (name) => {
        fails = !fails && !firsts.includes(name);
        return fails ? Promise.reject(new Error("busy")) : Promise.resolve(user(name, "1"));
      },
    );
    for (const name of ["a", "b"]) {
      await failureOf(snapshot.read(name, () => true));
      assert.equal((await snapshot.read(name, () => true))?.emailAddress, name);
    }
    assert.equal(lists, 1);
  });

  it("holds nothing for longer than a minute, and begins anew", async () => {
    let [time, lists] = [100_000, 0];
    const { snapshot } = await warmed(
      () => {
        lists += 1;
        return Promise.resolve([user("a@b", `${lists}`)]);
      },
      () => time,
    );
    const userId = async () => (await snapshot.read("a@b", () => true))?.userId;
    assert.deepEqual([await userId(), await userId()], ["1", "1"]);
    time += 61_000;
    for (const name of firsts) await snapshot.read(name, () => true);
    assert.equal(await userId(), "2");
  });
});
