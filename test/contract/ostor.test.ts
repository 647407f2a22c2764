import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ApiError } from "../../provider/api/errors";
import { createClient, type Client } from "../../provider/api/client";
import {
  collectSettings,
  parseSettings,
  type RawSettings,
  type Settings,
} from "../../provider/settings";
import { createEmulator } from "../../emulator";

const isReal = process.env["OSTOR_ENDPOINT"] !== undefined;
const emulator = createEmulator();

function settingsFrom(raw: RawSettings): Settings {
  const { settings, problems } = parseSettings(raw);
  assert.ok(settings, problems?.join("; "));
  return settings;
}

/** Runs on the emulator, or on the cluster that `OSTOR_ENDPOINT` and its credentials name. */
async function clusterSettings(): Promise<Settings> {
  if (isReal) return settingsFrom(collectSettings(() => undefined));
  await emulator.start();
  return settingsFrom({ endpoint: emulator.endpoint, ...emulator.credentials });
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

describe("the service", () => {
  // A name space of its own: on a real cluster nobody else's users are touched.
  const address = (name: string) => `contract-${run}-${name}@pulumi-ostor.example`;
  const run = randomBytes(4).toString("hex");
  const made: string[] = [];
  let client: Client;
  let settings: Settings;

  const create = async (name: string) => {
    made.push(address(name));
    return client.createUser(address(name));
  };

  before(async () => {
    settings = await clusterSettings();
    client = createClient(settings);
  });
  after(async () => {
    for (const emailAddress of made) {
      const user = await client.getUser(emailAddress);
      if (user) await client.deleteUser(user.userId, emailAddress);
    }
    await client.close();
    await emulator.stop();
  });

  it("creates a user with a first key pair, and shows it by address and by id", async () => {
    const { userId, accessKeys } = await create("a+b");
    assert.match(userId, /^[0-9a-f]{15,16}$/);
    assert.equal(accessKeys.length, 1);
    const byAddress = await client.getUser(address("a+b"));
    assert.equal(byAddress?.userId, userId);
    assert.deepEqual(byAddress.accessKeys, accessKeys);
    assert.deepEqual(await client.getUserById(userId), byAddress);
  });

  it("lists the user", async () => {
    const listed = await client.listUsers();
    assert.ok(listed.some(({ emailAddress }) => emailAddress === address("a+b")));
  });

  it("answers 404 for a user that isn't there", async () => {
    assert.equal(await client.getUser(address("nobody")), undefined);
    assert.equal(await client.getUserById("0000000000000001"), undefined);
  });

  it("disables and enables, twice in a row too", async () => {
    for (const state of ["disabled", "disabled", "enabled", "enabled"] as const) {
      if (state === "enabled") await client.enableUser(address("a+b"));
      else await client.disableUser(address("a+b"));
      assert.equal((await client.getUser(address("a+b")))?.state, state);
    }
  });

  it("generates a second key pair, refuses a third, and revokes", async () => {
    const before = await client.getUser(address("a+b"));
    const [first] = before?.accessKeys ?? [];
    await client.generateKey(address("a+b"));
    const two = await client.getUser(address("a+b"));
    assert.equal(two?.accessKeys.length, 2);
    await assert.rejects(client.generateKey(address("a+b")), isRefused);
    await client.revokeKey(address("a+b"), first?.accessKeyId ?? "");
    const left = await client.getUser(address("a+b"));
    assert.deepEqual(
      left?.accessKeys,
      two.accessKeys.filter(({ accessKeyId }) => accessKeyId !== first?.accessKeyId),
    );
  });

  it("makes no second user under an address", async () => {
    const { userId } = (await client.getUser(address("a+b"))) ?? {};
    await client.createUser(address("a+b")).catch((error: unknown) => {
      assert.ok(isRefused(error));
    });
    assert.equal((await client.getUser(address("a+b")))?.userId, userId);
  });

  it("accepts both signature versions, and refuses a wrong secret in each", async () => {
    for (const signatureVersion of ["v2", "v4"] as const) {
      const right = createClient({ ...settings, signatureVersion });
      assert.ok((await right.listUsers()).length > 0);
      await right.close();
      const wrong = createClient({
        ...settings,
        signatureVersion,
        secretAccessKey: "wrong",
        maxRetries: 0,
      });
      await assert.rejects(
        wrong.listUsers(),
        (error) => error instanceof ApiError && error.status === 403,
      );
      await wrong.close();
    }
  });

  it("shows no buckets of a user who owns none", async () => {
    const { userId } = (await client.getUser(address("a+b"))) ?? {};
    assert.deepEqual(await client.listBuckets(userId), []);
  });

  it("deletes a user by id, and takes a second deletion as done", async () => {
    const { userId } = await create("gone");
    await client.deleteUser(userId, address("gone"));
    assert.equal(await client.getUser(address("gone")), undefined);
    await client.deleteUser(userId, address("gone"));
  });

  it("refuses to delete a user who owns a bucket", async function () {
    // On a real cluster the bucket would have to be made, and might stay: only the emulator is asked.
    if (isReal) this.skip();
    const { userId } = await create("owner");
    emulator.cluster.createBucket(`contract-${run}`, address("owner"));
    await assert.rejects(client.deleteUser(userId, address("owner")), isRefused);
    assert.deepEqual(
      (await client.listBuckets(userId)).map(({ name }) => name),
      [`contract-${run}`],
    );
    emulator.cluster.deleteBucket(`contract-${run}`);
  });
});
