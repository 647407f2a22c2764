import assert from "node:assert/strict";
import type { Bag } from "../../../provider/resources/lifecycle";
import { failureOf, fromState, useEmulator, userOn } from "../harness";
import { openRun, type Stored } from "../openRun";

const address = "ops@acme.example";

function useRuns() {
  const setup = useEmulator();
  const run = () => openRun(setup.open());
  const user = () => setup.emulator.cluster.user(address);
  const userId = () => userOn(setup.emulator, address).userId;
  const keys = () => userOn(setup.emulator, address).accessKeys.map((key) => key.accessKeyId);
  /** A user of a stack, without keys. */
  const manage = (more: Bag = {}) => run().user.add({ emailAddress: address, ...more });
  /** Two resources in state for one user, which an older release allowed. */
  const twins = async (more: Bag = {}): Promise<[Stored, Stored]> => {
    const first = await manage(more);
    const second = await run().user.add({ emailAddress: address, adopt: userId() });
    return [first, second];
  };
  return { setup, run, user, userId, keys, manage, twins };
}

describe("two resources of one program for one user", () => {
  const { setup, run, user, userId, manage, twins } = useRuns();

  for (const [what, order] of [
    ["created", [0, 1]],
    ["adopted", [1, 0]],
  ] as const) {
    for (const isRefreshed of [false, true]) {
      it(`keep the user when the ${what} one stays${isRefreshed ? ", with a refresh" : ""}`, async () => {
        const both = await twins();
        const [stays, leaves] = order.map((index) => both[index]) as [Stored, Stored];
        const now = run();
        if (isRefreshed) for (const each of both) await now.user.refresh(each);
        await now.user.keep(stays);
        await now.user.remove(leaves);
        assert.equal(user()?.userId, stays.state["userId"]);
        assert.deepEqual(setup.warnings, [
          `warning: user ${address} is not deleted: a resource of this program keeps or adopts it (userId ${userId()})`,
        ]);
      });
    }
  }

  it("delete the user when both leave, or a destroy refreshes both", async () => {
    const both = await twins();
    const now = run();
    for (const each of both) await now.user.refresh(each);
    for (const each of both) await now.user.remove(each);
    assert.equal(user(), undefined);
    assert.deepEqual(setup.warnings, []);
  });

  it("are refused if the other one is in state, with or without adopt, and get no adopt line", async () => {
    const first = await manage();
    const now = run();
    await now.user.keep(first);
    const { message } = await failureOf(now.user.add({ emailAddress: address }));
    assert.equal(
      message,
      `create user ${address}: another resource of this program declares this user already (userId ${userId()}); remove one of the two`,
    );
    setup.emulator.clearRequests();
    const adopting = await failureOf(now.user.add({ emailAddress: address, adopt: userId() }));
    assert.equal(
      adopting.message,
      `adopt user ${address}: another resource of this program has the user (userId ${userId()}) already; remove one of the two`,
    );
    assert.deepEqual(setup.operations(), []);
  });

  it("are refused if both are new: created, adopted, or one of each", async () => {
    const now = run();
    await now.user.add({ emailAddress: address });
    for (const adopt of [undefined, userId(), "0123456789abcdef"]) {
      const { message } = await failureOf(now.user.add({ emailAddress: address, adopt }));
      assert.match(message, /another resource of this program (declares|has) /);
      assert.doesNotMatch(message, /adopt: /);
    }
    const next = run();
    const adopting = { emailAddress: address, adopt: userId() };
    const both = await Promise.allSettled([next.user.add(adopting), next.user.add(adopting)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.match((await failureOf(next.user.add({ emailAddress: address }))).message, /declares/);
  });

  it("are refused in another case, where the service folds case", async () => {
    const now = run();
    await now.user.add({ emailAddress: address });
    setup.emulator.cluster.createUser("other@acme.example");
    const twin = { emailAddress: "other@acme.example", adopt: userId() };
    assert.match((await failureOf(now.user.add(twin))).message, /another resource/);
  });

  it("keep the user if its adoption failed in the run in which the other one leaves", async () => {
    const first = await manage();
    const now = run();
    setup.emulator.failNext({ operation: "getUser", kind: "status", status: 400, times: 2 });
    const adopting = { emailAddress: address, adopt: userId() };
    await failureOf(now.user.add(adopting));
    await now.user.remove(first);
    assert.ok(user());
    const { state } = await now.user.add(adopting);
    assert.equal(state["userId"], userId(), "a hook may retry it");
  });

  it("keep a user that moves to a new name with its adopt line", async () => {
    const first = await manage();
    const now = run();
    await now.user.refresh(first);
    await now.user.add({ emailAddress: address, adopt: userId() });
    await now.user.remove(first);
    assert.equal(user()?.userId, first.state["userId"]);
  });

  it("name the keys that leave the stack with the removed one", async () => {
    const first = await manage({ createAccessKey: true });
    const [own = ""] = setup.emulator.cluster.user(address)?.accessKeys ?? [];
    const now = run();
    await now.user.add({ emailAddress: address, adopt: userId() });
    await now.user.remove(first);
    const { accessKeyId } = own as { accessKeyId: string };
    assert.match(
      setup.warnings.join(),
      new RegExp(`no resource of this run keeps, adopts or created its keys ${accessKeyId}: npx`),
    );
  });
});

describe("a user whose resource leaves the program or is replaced", () => {
  const { setup, run, user, userId, keys, manage } = useRuns();

  it("is deleted, with or without a refresh before, although the program had an adopt line", async () => {
    for (const isRefreshed of [true, false]) {
      const { userId: adopt } = setup.emulator.cluster.createUser(address);
      const stored = await manage({ adopt });
      const now = run();
      if (isRefreshed) await now.user.refresh(stored);
      await now.user.remove(stored);
      assert.equal(user(), undefined);
    }
  });

  it("is deleted and created again by a forced replacement, although the program has an adopt line", async () => {
    const { userId: adopt } = setup.emulator.cluster.createUser(address);
    const stored = await manage({ adopt });
    await run().user.replace(stored, { deleteFirst: true });
    assert.notEqual(userId(), adopt);
  });

  it("is not deleted while the program declares a key of it", async () => {
    const stored = await manage();
    const key = await run().key.add({ user: address });
    const now = run();
    await now.key.keep(key);
    const { message } = await failureOf(now.user.remove(stored));
    assert.equal(
      message,
      `delete user ${address}: refused, this program still declares its keys ${key.id}, which would be deleted with it; remove these resources too, or keep the user`,
    );
    assert.deepEqual(keys(), [key.id]);
    await run().user.remove(stored);
    assert.equal(user(), undefined);
  });

  it("is not created in place of the user to adopt, which this run deleted for a change of address", async () => {
    const stored = await manage();
    const adopt = userId();
    const now = run();
    await now.user.keep(stored, { emailAddress: "new@acme.example" }).catch(() => undefined);
    await now.user.remove(stored);
    const { message } = await failureOf(now.user.add({ emailAddress: address, adopt }));
    assert.match(message, /this run has just deleted it \(userId \w+\), because its resource/);
    assert.equal(user(), undefined);
  });

  it("gets a new address whatever adopt contains, because adopt only applies to a resource that is not in the stack", async () => {
    const { userId: adopt } = setup.emulator.cluster.createUser(address);
    const stored = await manage({ adopt });
    const { userId: other } = setup.emulator.cluster.createUser("other@acme.example");
    const moved = await run().user.keep(stored, { emailAddress: "new@acme.example", adopt: other });
    assert.equal(moved.id, "new@acme.example");
    assert.notEqual(moved.state["userId"], other);
  });
});

describe("two resources of one program for one key", () => {
  const { setup, run, userId, keys, manage } = useRuns();
  const declared = (more: Bag = {}) => ({ user: address, userId: userId(), ...more });
  /** A key in state, and another resource that adopted it, which an older release allowed. */
  const twins = async (kind: "key" | "rotation"): Promise<[Stored, Stored]> => {
    await manage();
    const key = await run().key.add(declared());
    const schedule = kind === "rotation" ? { generation: 1 } : {};
    const second = await run()[kind].add(declared({ adopt: key.id, ...schedule }));
    return [key, second];
  };

  for (const kind of ["key", "rotation"] as const) {
    it(`keep the key when either is removed (AccessKey and ${kind})`, async () => {
      const [key, second] = await twins(kind);
      const first = run();
      for (const [each, stored] of [
        ["key", key],
        [kind, second],
      ] as const) {
        await first[each].refresh(stored);
      }
      await first[kind].keep(second);
      await first.key.remove(key);
      assert.deepEqual(keys(), [key.id]);
      const other = run();
      await other.key.keep(key);
      await other[kind].remove(second);
      assert.deepEqual(keys(), [key.id]);
      assert.equal(setup.warnings.length, 2);
      for (const line of setup.warnings) {
        assert.match(line, /^warning: key \w+ of user \S+ is not revoked: a resource of this/);
      }
      await run()[kind].remove(second);
      assert.deepEqual(keys(), []);
    });

    it(`are refused (AccessKey in state, ${kind} adopts)`, async () => {
      await manage();
      const key = await run().key.add(declared());
      const now = run();
      await now.key.keep(key);
      const schedule = kind === "rotation" ? { generation: 1 } : {};
      const { message } = await failureOf(now[kind].add(declared({ adopt: key.id, ...schedule })));
      assert.equal(
        message,
        `adopt key ${key.id} of user ${address}: another resource of this program has this key already; remove one of the two`,
      );
    });
  }

  it("are refused if an AccessKey adopts the user's own key, or a rotating one", async () => {
    const user = await manage({ createAccessKey: true });
    const [own = ""] = keys();
    const now = run();
    await now.user.keep(user);
    assert.match((await failureOf(now.key.add(declared({ adopt: own })))).message, /has this key/);
    await run().user.keep(user, { emailAddress: address, createAccessKey: false });
    const rotating = await run().rotation.add(declared({ generation: 1 }));
    const two = await run().rotation.keep(rotating, declared({ generation: 2 }));
    for (const adopt of keys()) {
      const next = run();
      await next.rotation.keep(two);
      assert.match((await failureOf(next.key.add(declared({ adopt })))).message, /has this key/);
    }
  });

  it("keep the user's own key that an AccessKey adopted when createAccessKey is removed", async () => {
    const user = await manage({ createAccessKey: true });
    const [own = ""] = keys();
    const now = run();
    const key = await now.key.add({ user: address, adopt: own });
    const freed = await now.user.keep(user, { emailAddress: address, createAccessKey: false });
    assert.deepEqual(keys(), [own]);
    assert.equal(freed.state["accessKeyId"], undefined);
    const next = run();
    await next.user.keep(freed);
    await next.key.remove(key);
    assert.deepEqual(keys(), []);
  });

  it("prevent a rotation that would revoke the key of the other one", async () => {
    const [key, rotating] = await twins("rotation");
    const second = await run().rotation.keep(rotating, declared({ generation: 2 }));
    const now = run();
    await now.key.keep(key);
    const before = keys();
    const work = now.rotation.keep(second, declared({ generation: 3 }));
    assert.equal(
      (await failureOf(work)).message,
      `rotate the keys of user ${address}: key ${key.id} would be revoked, but another resource of this program keeps or adopts it too; nothing was changed; remove that resource first`,
    );
    assert.deepEqual(keys(), before);
  });

  it("are named if both are new, and a rotation finds the key of the other one", async () => {
    await manage();
    const now = run();
    const key = await now.key.add(declared());
    const { message } = await failureOf(now.rotation.add(declared({ generation: 1 })));
    assert.equal(
      message,
      `create rotating keys of user ${address}: it has ${key.id}, and a rotation needs both slots; another resource of this program declares ${key.id}; remove one of them`,
    );
  });

  it("are named if a third one finds both slots in use by the program", async () => {
    await manage();
    const now = run();
    await now.key.add(declared());
    await now.key.add(declared());
    const { message } = await failureOf(now.key.add(declared()));
    assert.match(message, /, and other resources of this program declare both; remove one$/);
  });
});

describe("a key that is rotated, or leaves the program", () => {
  const { setup, run, userId, keys, manage } = useRuns();
  const declared = (more: Bag = {}) => ({ user: address, userId: userId(), ...more });
  const adopted = async () => {
    await manage();
    const { accessKeyId: adopt } = setup.emulator.cluster.generateKey(address);
    return run().key.add(declared({ adopt }));
  };
  const rotate = (v: string, more: Bag = {}) => ({ keepers: { v }, ...more });

  for (const replaceOrder of ["create-first", "delete-first"]) {
    it(`is revoked, although adopt still names it, ${replaceOrder}, with or without a refresh before`, async () => {
      let stored = await adopted();
      const { adopt } = stored.inputs;
      for (const v of ["1", "2"]) {
        const now = run();
        if (v === "2") await now.key.refresh(stored);
        const news = declared({ adopt, ...rotate(v, { replaceOrder }) });
        const next = await now.key.keep(stored, news);
        if (next.old) await now.key.remove(next.old);
        assert.deepEqual(keys(), [next.id]);
        stored = next;
      }
      assert.deepEqual(setup.warnings, []);
    });
  }

  it("is revoked when it is removed after a refresh", async () => {
    const stored = await adopted();
    const now = run();
    await now.key.refresh(stored);
    await now.key.remove(stored);
    assert.deepEqual(keys(), []);
  });

  it("is not adopted again after its rotation, although the run that was to revoke it failed", async () => {
    const stored = await adopted();
    const { adopt } = stored.inputs;
    const second = await run().key.keep(stored, declared({ adopt, ...rotate("1") }));
    const third = run();
    await third.key.refresh(second);
    const work = third.key.keep(second, declared({ adopt, ...rotate("2") }));
    assert.match((await failureOf(work)).message, /has the two keys that the service allows/);
    await third.key.remove(stored);
    assert.deepEqual(keys(), [second.id]);
  });

  it("is not exchanged for the key of a new adopt line, which only applies to a resource that is not in the stack", async () => {
    const stored = await adopted();
    const { accessKeyId: adopt } = setup.emulator.cluster.generateKey(address);
    const now = run();
    const news = declared({ adopt, ...rotate("1", { replaceOrder: "delete-first" }) });
    const next = await now.key.keep(stored, news);
    assert.deepEqual(keys(), [adopt, next.id]);
  });

  it("moves to another resource that adopts it in the same run", async () => {
    const stored = await adopted();
    const now = run();
    const next = await now.key.keep(stored, declared({ adopt: stored.id, ...rotate("1") }));
    const heir = await now.key.add(declared({ adopt: stored.id }));
    await now.key.remove(stored);
    assert.deepEqual(keys(), [heir.id, next.id]);
  });

  it("follows a user that was deleted and created again, although adopt names a key of the old one", async () => {
    const stored = await adopted();
    const { adopt } = stored.inputs;
    setup.emulator.cluster.deleteUser(address);
    const now = run();
    await now.user.add({ emailAddress: address });
    const next = await now.key.keep(stored, declared({ adopt }));
    assert.deepEqual(keys(), [next.id]);
    const rotating = { user: address, userId: userId(), generation: 1, adopt };
    await now.key.remove(next);
    await run().rotation.add({ ...rotating, adopt: undefined });
    assert.equal(keys().length, 1);
  });

  it("stays when a forced replacement adopts it again, with a warning", async () => {
    const stored = await adopted();
    await run().key.replace(stored);
    assert.deepEqual(keys(), [stored.id]);
    assert.match(setup.warnings.join(), /keeps or adopts it; to rotate a key change its keepers$/);
  });

  it("announces no step that the engine may do differently, with both slots in use", async () => {
    const stored = await adopted();
    setup.emulator.cluster.generateKey(address);
    const { provider } = run().key;
    await provider.diff(stored.id, stored.state, { ...stored.inputs, ...rotate("1") });
    await run().key.replace({ ...stored, inputs: declared() }, { deleteFirst: true });
    assert.deepEqual(setup.warnings, []);
  });
});

describe("what a resource reads by its id only", () => {
  const { setup, run, keys, userId } = useRuns();

  it("must exist, and the error names the id and how to find the right one", async () => {
    const { user, key, bucket, rotation } = run();
    for (const [work, text] of [
      [
        () => user.get("nobody@acme.example"),
        /^read user nobody@acme\.example: .*by its e-mail address.*getUsers\(\)/,
      ],
      [() => key.get("0123456789abcdefABCD"), /^read key 0123456789abcdefABCD: .*by its id/],
      [() => bucket.get("nothing"), /^read bucket nothing: .*by its name.*getBuckets\(\)/],
      [
        () => rotation.get("0123456789abcdef"),
        /^read rotating keys 0123456789abcdef: .*AccessKey\.get/,
      ],
    ] as const) {
      assert.match((await failureOf(work())).message, text);
    }
  });

  it("must exist too if the program has properties beside the id", async () => {
    const { user, key, bucket } = run();
    const id = "0123456789abcdefABCD";
    await failureOf(user.provider.read(address, { emailAddress: address, state: "enabled" }));
    await failureOf(key.provider.read(id, { user: address }));
    await failureOf(bucket.provider.read("data", { name: "data" }));
  });

  it("can be missing for a later refresh, which has its state", async () => {
    setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.createBucket("data", address);
    const first = run();
    const [id = ""] = keys();
    const read = [
      [first.user, await first.user.get(address)],
      [first.key, await first.key.get(id)],
      [first.bucket, await first.bucket.get("data")],
    ] as const;
    setup.emulator.cluster.deleteBucket("data");
    setup.emulator.cluster.deleteUser(address);
    const next = run();
    const kinds = [next.user, next.key, next.bucket];
    for (const [index, [, found]] of read.entries()) {
      const state = fromState(found.props as Bag);
      assert.deepEqual(await kinds[index]?.provider.read(found.id ?? "", state), {});
    }
  });

  it("is not a claim, so a resource that leaves the program is deleted", async () => {
    const stored = await run().user.add({ emailAddress: address });
    const now = run();
    await now.user.get(address);
    assert.ok(userId());
    await now.user.remove(stored);
    assert.equal(setup.emulator.cluster.user(address), undefined);
  });
});
