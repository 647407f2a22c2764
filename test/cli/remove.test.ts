import assert from "node:assert/strict";
import { key, stateOf, usePlace, user } from "./place";

describe("pulumi-ostor delete-user and revoke-key", function () {
  this.timeout(60_000);
  const place = usePlace();
  const create = (emailAddress: string) => place.emulator.cluster.createUser(emailAddress);

  it("deletes a user and revokes a key that are in no stack", async () => {
    const acme = create("ops@acme.example");
    const unknown = place.emulator.cluster.generateKey("ops@acme.example");
    const lost = create("lost@x.example");
    place.states["selected"] = stateOf([
      user(acme.userId),
      key(acme.accessKeys[0]?.accessKeyId ?? ""),
    ]);
    const revoked = await place.run(["revoke-key", unknown.accessKeyId]);
    assert.equal(revoked.stdout, `revoked key ${unknown.accessKeyId} of user ops@acme.example\n`);
    const deleted = await place.run(["delete-user", lost.userId]);
    assert.equal(deleted.stdout, `deleted user lost@x.example (${lost.userId})\n`);
    assert.deepEqual(place.emulator.cluster.users(), [acme]);
  });

  it("refuses what is in a stack, a user with buckets, and what does not exist", async () => {
    const acme = create("ops@acme.example");
    const outside = create("outside@x.example");
    create("lost@x.example");
    place.emulator.cluster.createBucket("data", "lost@x.example");
    const lost = place.emulator.cluster.user("lost@x.example");
    const keyIds = [acme, outside].map(({ accessKeys }) => accessKeys[0]?.accessKeyId ?? "");
    place.states["selected"] = stateOf([user(acme.userId), ...keyIds.map((id) => key(id))]);
    for (const [words, reason] of [
      [["delete-user", acme.userId], /it is in a stack; .* \[in-stack\]$/m],
      [["revoke-key", keyIds[0] ?? ""], /it is in a stack; .* \[in-stack\]$/m],
      [
        ["delete-user", outside.userId],
        /a key of outside@x\.example is in a stack; .* \[in-stack\]$/m,
      ],
      [["delete-user", lost?.userId ?? ""], /owns buckets \(data\); .* \[buckets-exist\]$/m],
      [
        ["delete-user", "0123456789abcdef"],
        /the user does not exist on the cluster \[user-not-found\]$/m,
      ],
      [
        ["revoke-key", "0123456789abcdefABCD"],
        /no user of the cluster has this key \[key-not-found\]$/m,
      ],
    ] as const) {
      const { code, stderr } = await place.run([...words]);
      assert.match(stderr, reason);
      assert.match(stderr, /^pulumi-ostor: [^\n]+\n$/);
      assert.equal(code, 1);
      assert.deepEqual(place.written(), []);
    }
  });

  it("refuses what is in a stack of the project that is not selected", async () => {
    const [prod, shared] = ["prod@x.example", "shared@x.example"].map(create);
    const [sharedKey] = shared?.accessKeys ?? [];
    place.current = "dev";
    place.states = {
      dev: stateOf([user(shared?.userId ?? "")]),
      prod: stateOf([user(prod?.userId ?? ""), key(sharedKey?.accessKeyId ?? "")]),
    };
    for (const words of [
      ["delete-user", prod?.userId ?? ""],
      ["revoke-key", sharedKey?.accessKeyId ?? ""],
    ]) {
      assert.match((await place.run(words)).stderr, /it is in a stack/);
      assert.deepEqual(place.written(), []);
    }
  });

  it("refuses a user if a key of it is in a stack, even if the cluster does not return the key", async () => {
    const { userId } = create("ops@x.example");
    const id = "0123456789abcdefABCD";
    for (const resource of [
      key(`${userId}ABCD`),
      key("", { id: `${userId}ABCD`, outputs: {} }),
      key(id, { outputs: { accessKeyId: id, userId } }),
    ]) {
      place.states["selected"] = stateOf([resource]);
      const { code, stderr } = await place.run(["delete-user", userId]);
      assert.match(
        stderr,
        /a key of ops@x\.example is in a stack; remove .* pulumi refresh \[in-stack\]\n$/,
      );
      assert.equal(code, 1);
      assert.deepEqual(place.written(), []);
    }
    const { stdout } = await place.run(["orphans"]);
    assert.match(stdout, /\nuser ops@x\.example \(\w+\); a key of it is in a stack\n/);
  });

  it("refuses what a run may be creating, except with --after-kill", async () => {
    const lost = create("lost@x.example");
    const creating = { ...user(""), inputs: { emailAddress: "lost@x.example" } };
    place.states["selected"] = stateOf([], [{ type: "creating", resource: creating }]);
    for (const words of [
      ["revoke-key", lost.accessKeys[0]?.accessKeyId ?? ""],
      ["delete-user", lost.userId],
    ]) {
      const refused = await place.run(words);
      assert.match(
        refused.stderr,
        /being created, by the state of stack selected; if no run is in progress, add --after-kill \[being-created\]\n$/,
      );
      assert.deepEqual(place.written(), []);
      assert.equal((await place.run([...words, "--after-kill"])).code, 0);
    }
    assert.deepEqual(place.emulator.cluster.users(), []);
  });

  it("does not accept a 404 of another server as a deletion", async () => {
    const { userId } = create("lost@x.example");
    place.emulator.failNext({ kind: "html", status: 404, operation: "deleteUser" });
    const { code, stderr } = await place.run(["delete-user", userId]);
    assert.match(
      stderr,
      /the service answers 404, but still returns this user; try again later \[user-unclear\]\n$/,
    );
    assert.equal(code, 1);
  });
});
