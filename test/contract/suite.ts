import assert from "node:assert/strict";
import { createClient } from "../../provider/api/client";
import { queryPath } from "../../provider/api/path";
import type { ApiUser } from "../../provider/api/schemas";
import type { Call } from "../../provider/api/send";
import { hasStatus, isDone, isRefused } from "./answers";
import type { Area } from "./area";

const keyIds = ({ accessKeys }: ApiUser) => accessKeys.map(({ accessKeyId }) => accessKeyId);

/**
 * Tests what this package requires of every release of the service.
 *
 * @param open - opens the cluster; the tests restore it
 */
export function describeContract(open: () => Promise<Area>): void {
  let area: Area;
  before(async () => {
    area = await open();
  });
  after(() => area.close());

  it("creates a user with a first access key, and returns it by address and by id", async () => {
    const { userId, accessKeys } = await area.create("a+b");
    assert.match(userId, /^[0-9a-f]{15,16}$/);
    assert.equal(accessKeys.length, 1);
    assert.ok(accessKeys[0]?.secretAccessKey);
    const byAddress = await area.read("a+b");
    assert.equal(byAddress.userId, userId);
    assert.deepEqual(keyIds(byAddress), keyIds({ ...byAddress, accessKeys }));
    // Some releases hide secrets afterwards, but none returns another secret.
    const [key] = byAddress.accessKeys;
    assert.ok([undefined, accessKeys[0].secretAccessKey].includes(key?.secretAccessKey));
    assert.deepEqual(await area.client.getUserById(userId), byAddress);
  });

  it("lists the user", async () => {
    const listed = await area.eventually("the user in the list", async () =>
      (await area.client.listUsers()).find((user) => user.emailAddress === area.address("a+b")),
    );
    assert.equal(listed.userId, (await area.read("a+b")).userId);
  });

  it("returns 404 for a user that does not exist", async () => {
    assert.equal(await area.client.getUser(area.address("nobody")), undefined);
    assert.equal(await area.client.getUserById("0000000000000001"), undefined);
  });

  it("disables and enables a user, also twice in a row", async () => {
    const { client } = area;
    for (const state of ["disabled", "disabled", "enabled", "enabled"] as const) {
      const now = (await area.read("a+b")).state;
      const write =
        state === "enabled"
          ? client.enableUser(area.address("a+b"))
          : client.disableUser(area.address("a+b"));
      assert.ok((await isDone(write)) || now === state, `not ${state}`);
      // Releases 2.x return no state.
      await area.read("a+b", (user) => user.state === state || user.state === undefined);
    }
  });

  it("generates a second access key, refuses a third, and revokes keys", async () => {
    const { client } = area;
    const [first = ""] = keyIds(await area.read("a+b"));
    const generated = await client.generateKey(area.address("a+b"));
    const two = await area.read("a+b", ({ accessKeys }) => accessKeys.length === 2);
    const [second = ""] = keyIds(two).filter((id) => id !== first);
    assert.ok(keyIds(generated).includes(second), "the response contains the new key");
    assert.ok(
      generated.accessKeys.find(({ accessKeyId }) => accessKeyId === second)?.secretAccessKey,
    );
    await assert.rejects(client.generateKey(area.address("a+b")), isRefused);
    await client.revokeKey(area.address("a+b"), first);
    const left = await area.read("a+b", ({ accessKeys }) => accessKeys.length === 1);
    assert.deepEqual(keyIds(left), [second]);
  });

  it("refuses to revoke an unknown key, and changes nothing", async () => {
    const before = await area.read("a+b");
    await assert.rejects(
      area.client.revokeKey(area.address("a+b"), `${before.userId}0000`),
      isRefused,
    );
    assert.deepEqual(await area.read("a+b"), before);
  });

  it("revokes the last key, or refuses it and keeps the key", async () => {
    const [last = ""] = keyIds(await area.create("last"));
    await area.read("last");
    const done = await isDone(area.client.revokeKey(area.address("last"), last));
    await area.read("last", (user) => keyIds(user).includes(last) === !done);
  });

  it("creates no second user under an address", async () => {
    const { userId } = await area.read("a+b");
    await isDone(area.client.createUser(area.address("a+b")));
    assert.equal((await area.read("a+b")).userId, userId);
  });

  it("treats addresses that differ in case as one user or as two", async () => {
    const created = await area.create("Case");
    const upper = await area.read("Case");
    assert.equal(upper.userId, created.userId);
    const lower = await area.client.getUser(area.address("case"));
    assert.ok(lower === undefined || lower.userId === created.userId);
  });

  it("accepts a signature version, and refuses a wrong secret in each", async () => {
    const accepted = [];
    for (const signatureVersion of ["v2", "v4"] as const) {
      const settings = { ...area.settings, signatureVersion, maxRetries: 0 };
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

  it("returns no buckets of a user that owns none", async () => {
    const { userId } = await area.read("a+b");
    assert.deepEqual(await area.client.listBuckets(userId), []);
  });

  it("deletes a user by id, and accepts or refuses a second deletion", async () => {
    const { client } = area;
    const { userId } = await area.create("gone");
    await area.read("gone");
    await client.deleteUser(userId, area.address("gone"));
    await area.deleted("gone");
    await isDone(client.deleteUser(userId, area.address("gone")));
  });

  it("refuses parameters that exclude each other", async () => {
    const { userId } = await area.create("twice");
    const who: [string, string?] = ["emailAddress", area.address("twice")];
    const wrong: [Call["method"], string, [string, string?][]][] = [
      ["GET", "ostor-users", [who, ["id", userId]]],
      ["DELETE", "ostor-users", [who, ["id", userId]]],
      [
        area.settings.dialect === "put" ? "PUT" : "POST",
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
        area.send({ method, attempt, path, resource, repeatable: false }),
        hasStatus(400),
        attempt,
      );
    }
  });

  it("refuses to delete a user that owns a bucket, until the bucket is deleted", async () => {
    const { run, client } = area;
    const bucket = `contract-${run}`;
    const owner = await area.create("owner");
    await area.read("owner");
    await area.bucketCall(owner, "PUT", bucket);
    const listed = await area.eventually(`bucket ${bucket} in the list`, async () =>
      (await client.listBuckets(owner.userId)).find(({ name }) => name === bucket),
    );
    assert.equal(listed.ownerId, owner.userId);
    await assert.rejects(client.deleteUser(owner.userId, area.address("owner")), isRefused);
    await area.read("owner");
    await area.bucketCall(owner, "DELETE", bucket);
    await client.deleteUser(owner.userId, area.address("owner"));
    await area.deleted("owner");
  });

  it("refuses S3 calls of a disabled user until it is enabled", async () => {
    const { run, client } = area;
    const bucket = `contract-${run}-locked`;
    const owner = await area.create("locked");
    await area.read("locked");
    await area.bucketCall(owner, "PUT", bucket);
    await client.disableUser(area.address("locked"));
    await area.eventually("S3 calls refused", async () => {
      return !(await isDone(area.bucketCall(owner, "GET", bucket)));
    });
    await client.enableUser(area.address("locked"));
    await area.eventually("S3 calls accepted", () => isDone(area.bucketCall(owner, "GET", bucket)));
    await area.bucketCall(owner, "DELETE", bucket);
  });
}
