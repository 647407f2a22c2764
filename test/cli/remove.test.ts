import assert from "node:assert/strict";
import { key, stateOf, usePlace, user } from "./place";

describe("pulumi-ostor delete-user and revoke-key", function () {
  this.timeout(60_000);
  const place = usePlace();
  const create = (emailAddress: string) => place.emulator.cluster.createUser(emailAddress);

  it("deletes an orphan and revokes an orphaned pair by their lines", async () => {
    const acme = create("ops@acme.example");
    const stray = place.emulator.cluster.generateKey("ops@acme.example");
    const lost = create("lost@x.example");
    place.states["selected"] = stateOf([
      user(acme.userId),
      key(acme.accessKeys[0]?.accessKeyId ?? ""),
    ]);
    const revoked = await place.run(["revoke-key", stray.accessKeyId]);
    assert.equal(revoked.stdout, `revoked key ${stray.accessKeyId} of user ops@acme.example\n`);
    const deleted = await place.run(["delete-user", lost.userId]);
    assert.equal(deleted.stdout, `deleted user lost@x.example (${lost.userId})\n`);
    assert.deepEqual(place.emulator.cluster.users(), [acme]);
  });

  it("removes nothing that a stack holds, nor a user with buckets, nor what isn't there", async () => {
    const acme = create("ops@acme.example");
    const outside = create("outside@x.example");
    create("lost@x.example");
    place.emulator.cluster.createBucket("data", "lost@x.example");
    const lost = place.emulator.cluster.user("lost@x.example");
    const keyIds = [acme, outside].map(({ accessKeys }) => accessKeys[0]?.accessKeyId ?? "");
    place.states["selected"] = stateOf([user(acme.userId), ...keyIds.map((id) => key(id))]);
    for (const [words, reason] of [
      [["delete-user", acme.userId], /a stack holds it/],
      [["revoke-key", keyIds[0] ?? ""], /a stack holds it/],
      [["delete-user", outside.userId], /a stack holds a key of outside@x\.example/],
      [["delete-user", lost?.userId ?? ""], /owns buckets \(data\)/],
      [["delete-user", "0123456789abcdef"], /there is no such user/],
      [["revoke-key", "0123456789abcdefABCD"], /there is no such key/],
    ] as const) {
      const { code, stderr } = await place.run([...words]);
      assert.match(stderr, reason);
      assert.match(stderr, /^pulumi-ostor: [^\n]+\n$/);
      assert.equal(code, 1);
      assert.deepEqual(place.written(), []);
    }
  });

  it("removes nothing that another stack of the project holds than the one selected", async () => {
    const [prod, shared] = ["prod@x.example", "shared@x.example"].map(create);
    const [pair] = shared?.accessKeys ?? [];
    place.current = "dev";
    place.states = {
      dev: stateOf([user(shared?.userId ?? "")]),
      prod: stateOf([user(prod?.userId ?? ""), key(pair?.accessKeyId ?? "")]),
    };
    for (const words of [
      ["delete-user", prod?.userId ?? ""],
      ["revoke-key", pair?.accessKeyId ?? ""],
    ]) {
      assert.match((await place.run(words)).stderr, /a stack holds it/);
      assert.deepEqual(place.written(), []);
    }
  });

  it("deletes no user of whom a stack holds a key that the cluster didn't show", async () => {
    const { userId } = create("ops@x.example");
    const id = "0123456789abcdefABCD";
    for (const held of [
      key(`${userId}ABCD`),
      key("", { id: `${userId}ABCD`, outputs: {} }),
      key(id, { outputs: { accessKeyId: id, userId } }),
    ]) {
      place.states["selected"] = stateOf([held]);
      const { code, stderr } = await place.run(["delete-user", userId]);
      assert.match(stderr, /a stack holds a key of ops@x\.example; remove .* pulumi refresh\n$/);
      assert.equal(code, 1);
      assert.deepEqual(place.written(), []);
    }
    const { stdout } = await place.run(["orphans"]);
    assert.match(stdout, /\nuser ops@x\.example \(\w+\); a stack holds a key of it\n/);
  });

  it("removes nothing that a run may be creating, until somebody says that none goes on", async () => {
    const lost = create("lost@x.example");
    const creating = { ...user(""), inputs: { emailAddress: "lost@x.example" } };
    place.states["selected"] = stateOf([], [{ type: "creating", resource: creating }]);
    for (const words of [
      ["revoke-key", lost.accessKeys[0]?.accessKeyId ?? ""],
      ["delete-user", lost.userId],
    ]) {
      const refused = await place.run(words);
      assert.match(refused.stderr, /being created; if no run is going on, add --after-kill\n$/);
      assert.deepEqual(place.written(), []);
      assert.equal((await place.run([...words, "--after-kill"])).code, 0);
    }
    assert.deepEqual(place.emulator.cluster.users(), []);
  });

  it("doesn't take another server's 404 for a deletion", async () => {
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
