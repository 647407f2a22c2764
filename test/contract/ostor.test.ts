import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../provider/api/errors";
import { createClient, type Client } from "../../provider/api/client";
import { queryPath } from "../../provider/api/path";
import type { ApiUser } from "../../provider/api/schemas";
import { createSend, type Call, type Send } from "../../provider/api/send";
import { createTransport, type Transport } from "../../provider/api/transport";
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

/** A real cluster may answer with an old state for some seconds after a write. */
async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (let looks = 0; looks < 40; looks += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(isReal ? 250 : 1);
  }
  return assert.fail(`${what}: not seen in time`);
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
  let transport: Transport;
  let send: Send;

  const create = async (name: string) => {
    made.push(address(name));
    return client.createUser(address(name));
  };
  const shown = (name: string, isIt: (user: ApiUser) => boolean = () => true) =>
    eventually(`${address(name)} as it was written`, async () => {
      const user = await client.getUser(address(name));
      return user && isIt(user) ? user : undefined;
    });
  const gone = (name: string) =>
    eventually(`${address(name)} gone`, async () => !(await client.getUser(address(name))));
  /** A bucket of a user, asked for with the user's own key as its owner would. */
  const bucketCall = ({ accessKeys }: ApiUser, method: Call["method"], bucket: string) => {
    const [pair] = accessKeys;
    assert.ok(pair?.secretAccessKey);
    const credentials = { ...pair, secretAccessKey: pair.secretAccessKey };
    const path = `/${bucket}`;
    const attempt = `${method} bucket ${bucket}`;
    return send({ method, attempt, path, resource: path, repeatable: false, credentials });
  };
  const remove = async (emailAddress: string) => {
    const user = await client.getUser(emailAddress);
    if (!user) return;
    await eventually(`${emailAddress} without buckets`, async () => {
      for (const { name } of await client.listBuckets(user.userId)) {
        await bucketCall(user, "DELETE", name).catch(() => undefined);
      }
      // Refused while it owns one that the list doesn't show yet.
      return client.deleteUser(user.userId, emailAddress).then(
        () => true,
        () => false,
      );
    });
  };

  before(async () => {
    settings = await clusterSettings();
    client = createClient(settings);
    transport = createTransport(settings);
    send = createSend(settings, transport);
  });
  after(async () => {
    const left = await Promise.allSettled(made.map(remove));
    await Promise.all([client.close(), transport.close()]);
    await emulator.stop();
    for (const result of left) assert.equal(result.status, "fulfilled", JSON.stringify(result));
  });

  it("creates a user with a first key pair, and shows it by address and by id", async () => {
    const { userId, accessKeys } = await create("a+b");
    assert.match(userId, /^[0-9a-f]{15,16}$/);
    assert.equal(accessKeys.length, 1);
    const byAddress = await shown("a+b");
    assert.equal(byAddress.userId, userId);
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
      await shown("a+b", (user) => user.state === state);
    }
  });

  it("generates a second key pair, refuses a third, and revokes", async () => {
    const before = await client.getUser(address("a+b"));
    const [first] = before?.accessKeys ?? [];
    await client.generateKey(address("a+b"));
    const two = await shown("a+b", ({ accessKeys }) => accessKeys.length === 2);
    await assert.rejects(client.generateKey(address("a+b")), isRefused);
    await client.revokeKey(address("a+b"), first?.accessKeyId ?? "");
    const left = await shown("a+b", ({ accessKeys }) => accessKeys.length === 1);
    assert.deepEqual(
      left.accessKeys,
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
    await gone("gone");
    await client.deleteUser(userId, address("gone"));
  });

  it("refuses parameters that exclude each other", async () => {
    const { userId } = await create("twice");
    const who: [string, string?] = ["emailAddress", address("twice")];
    const wrong: [Call["method"], string, [string, string?][]][] = [
      ["GET", "ostor-users", [who, ["id", userId]]],
      ["DELETE", "ostor-users", [who, ["id", userId]]],
      ["POST", "ostor-users", [who, ["genKey"], ["revokeKey", `${userId}ABCD`]]],
      ["GET", "ostor-buckets", [who, ["id", userId]]],
    ];
    for (const [method, service, query] of wrong) {
      const path = queryPath(service, query);
      const attempt = `${method} ${path}`;
      const resource = `/?${service}`;
      await assert.rejects(
        send({ method, attempt, path, resource, repeatable: false }),
        (error) => error instanceof ApiError && error.status === 400,
        attempt,
      );
    }
  });

  it("refuses to delete a user who owns a bucket, until the bucket is gone", async () => {
    const bucket = `contract-${run}`;
    await create("owner");
    const owner = await shown("owner");
    await bucketCall(owner, "PUT", bucket);
    const listed = await eventually(`bucket ${bucket} in the list`, async () =>
      (await client.listBuckets(owner.userId)).find(({ name }) => name === bucket),
    );
    assert.equal(listed.ownerId, owner.userId);
    await assert.rejects(client.deleteUser(owner.userId, address("owner")), isRefused);
    await shown("owner");
    await bucketCall(owner, "DELETE", bucket);
    await client.deleteUser(owner.userId, address("owner"));
    await gone("owner");
  });
});
