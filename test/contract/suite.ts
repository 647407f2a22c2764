import assert from "node:assert/strict";
import { createClient } from "../../provider/api/client";
import { queryPath } from "../../provider/api/path";
import type { ApiUser } from "../../provider/api/schemas";
import type { Call } from "../../provider/api/send";
import { hasStatus, isDone, isRefused } from "./answers";
import type { Place } from "./place";

const keyIds = ({ accessKeys }: ApiUser) => accessKeys.map(({ accessKeyId }) => accessKeyId);

/**
 * What this package relies on, whichever release answers.
 *
 * @param open - opens the cluster that the tests run on; they leave it as it was
 */
export function describeContract(open: () => Promise<Place>): void {
  let place: Place;
  before(async () => {
    place = await open();
  });
  after(() => place.leave());

  it("creates a user with a first key pair, and shows it by address and by id", async () => {
    const { userId, accessKeys } = await place.create("a+b");
    assert.match(userId, /^[0-9a-f]{15,16}$/);
    assert.equal(accessKeys.length, 1);
    assert.ok(accessKeys[0]?.secretAccessKey);
    const byAddress = await place.shown("a+b");
    assert.equal(byAddress.userId, userId);
    assert.deepEqual(keyIds(byAddress), keyIds({ ...byAddress, accessKeys }));
    // Some releases hide secrets afterwards; none may tell another.
    const [pair] = byAddress.accessKeys;
    assert.ok([undefined, accessKeys[0].secretAccessKey].includes(pair?.secretAccessKey));
    assert.deepEqual(await place.client.getUserById(userId), byAddress);
  });

  it("lists the user", async () => {
    const listed = await place.eventually("the user in the list", async () =>
      (await place.client.listUsers()).find((user) => user.emailAddress === place.address("a+b")),
    );
    assert.equal(listed.userId, (await place.shown("a+b")).userId);
  });

  it("answers 404 for a user that isn't there", async () => {
    assert.equal(await place.client.getUser(place.address("nobody")), undefined);
    assert.equal(await place.client.getUserById("0000000000000001"), undefined);
  });

  it("disables and enables, twice in a row too", async () => {
    const { client } = place;
    for (const state of ["disabled", "disabled", "enabled", "enabled"] as const) {
      const now = (await place.shown("a+b")).state;
      const write =
        state === "enabled"
          ? client.enableUser(place.address("a+b"))
          : client.disableUser(place.address("a+b"));
      assert.ok((await isDone(write)) || now === state, `not ${state}`);
      // Releases 2.x show no state.
      await place.shown("a+b", (user) => user.state === state || user.state === undefined);
    }
  });

  it("generates a second key pair, refuses a third, and revokes", async () => {
    const { client } = place;
    const [first = ""] = keyIds(await place.shown("a+b"));
    const told = await client.generateKey(place.address("a+b"));
    const two = await place.shown("a+b", ({ accessKeys }) => accessKeys.length === 2);
    const [second = ""] = keyIds(two).filter((id) => id !== first);
    assert.ok(keyIds(told).includes(second), "the answer tells the new pair");
    assert.ok(told.accessKeys.find(({ accessKeyId }) => accessKeyId === second)?.secretAccessKey);
    await assert.rejects(client.generateKey(place.address("a+b")), isRefused);
    await client.revokeKey(place.address("a+b"), first);
    const left = await place.shown("a+b", ({ accessKeys }) => accessKeys.length === 1);
    assert.deepEqual(keyIds(left), [second]);
  });

  it("refuses to revoke what isn't there, and changes nothing", async () => {
    const before = await place.shown("a+b");
    await assert.rejects(
      place.client.revokeKey(place.address("a+b"), `${before.userId}0000`),
      isRefused,
    );
    assert.deepEqual(await place.shown("a+b"), before);
  });

  it("revokes the last pair, or refuses it and keeps it", async () => {
    const [last = ""] = keyIds(await place.create("last"));
    await place.shown("last");
    const done = await isDone(place.client.revokeKey(place.address("last"), last));
    await place.shown("last", (user) => keyIds(user).includes(last) === !done);
  });

  it("makes no second user under an address", async () => {
    const { userId } = await place.shown("a+b");
    await isDone(place.client.createUser(place.address("a+b")));
    assert.equal((await place.shown("a+b")).userId, userId);
  });

  it("has one user in two spellings of an address, or two, and shows each as itself", async () => {
    const made = await place.create("Case");
    const upper = await place.shown("Case");
    assert.equal(upper.userId, made.userId);
    const lower = await place.client.getUser(place.address("case"));
    assert.ok(lower === undefined || lower.userId === made.userId);
  });

  it("accepts a signature version, and refuses a wrong secret in each", async () => {
    const accepted = [];
    for (const signatureVersion of ["v2", "v4"] as const) {
      const settings = { ...place.settings, signatureVersion, maxRetries: 0 };
      const right = createClient(settings);
      const isAccepted = await isDone(right.listUsers());
      if (isAccepted) accepted.push(signatureVersion);
      await right.close();
      const wrong = createClient({ ...settings, secretAccessKey: "wrong" });
      await assert.rejects(wrong.listUsers(), isAccepted ? hasStatus(403) : isRefused);
      await wrong.close();
    }
    assert.notDeepEqual(accepted, []);
  });

  it("shows no buckets of a user who owns none", async () => {
    const { userId } = await place.shown("a+b");
    assert.deepEqual(await place.client.listBuckets(userId), []);
  });

  it("deletes a user by id, and takes a second deletion as done or refuses it", async () => {
    const { client } = place;
    const { userId } = await place.create("gone");
    await place.shown("gone");
    await client.deleteUser(userId, place.address("gone"));
    await place.gone("gone");
    await isDone(client.deleteUser(userId, place.address("gone")));
  });

  it("refuses parameters that exclude each other", async () => {
    const { userId } = await place.create("twice");
    const who: [string, string?] = ["emailAddress", place.address("twice")];
    const wrong: [Call["method"], string, [string, string?][]][] = [
      ["GET", "ostor-users", [who, ["id", userId]]],
      ["DELETE", "ostor-users", [who, ["id", userId]]],
      [
        place.settings.dialect === "put" ? "PUT" : "POST",
        "ostor-users",
        [who, ["genKey"], ["revokeKey", `${userId}ABCD`]],
      ],
      ["GET", "ostor-buckets", [who, ["id", userId]]],
    ];
    for (const [method, service, query] of wrong) {
      const path = queryPath(service, query);
      const attempt = `${method} ${path}`;
      const resource = `/?${service}`;
      await assert.rejects(
        place.send({ method, attempt, path, resource, repeatable: false }),
        hasStatus(400),
        attempt,
      );
    }
  });

  it("refuses to delete a user who owns a bucket, until the bucket is gone", async () => {
    const { run, client } = place;
    const bucket = `contract-${run}`;
    const owner = await place.create("owner");
    await place.shown("owner");
    await place.bucketCall(owner, "PUT", bucket);
    const listed = await place.eventually(`bucket ${bucket} in the list`, async () =>
      (await client.listBuckets(owner.userId)).find(({ name }) => name === bucket),
    );
    assert.equal(listed.ownerId, owner.userId);
    await assert.rejects(client.deleteUser(owner.userId, place.address("owner")), isRefused);
    await place.shown("owner");
    await place.bucketCall(owner, "DELETE", bucket);
    await client.deleteUser(owner.userId, place.address("owner"));
    await place.gone("owner");
  });

  it("locks a disabled user out of S3, and lets it in again", async () => {
    const { run, client } = place;
    const bucket = `contract-${run}-locked`;
    const owner = await place.create("locked");
    await place.shown("locked");
    await place.bucketCall(owner, "PUT", bucket);
    await client.disableUser(place.address("locked"));
    await place.eventually("the user locked out", async () => {
      return !(await isDone(place.bucketCall(owner, "GET", bucket)));
    });
    await client.enableUser(place.address("locked"));
    await place.eventually("the user let in", () => isDone(place.bucketCall(owner, "GET", bucket)));
    await place.bucketCall(owner, "DELETE", bucket);
  });
}
