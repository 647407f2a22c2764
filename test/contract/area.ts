import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Client } from "../../provider/api/client";
import type { ApiUser } from "../../provider/api/schemas";
import { createSend, type Call, type Send } from "../../provider/api/send";
import { createTransport } from "../../provider/api/transport";
import { parseSettings, type RawSettings, type Settings } from "../../provider/settings/settings";

/** The users of one test run on a cluster: those whose addresses contain `run`. */
export interface Area {
  run: string;
  settings: Settings;
  client: Client;
  send: Send;
  address(name: string): string;
  create(name: string): Promise<ApiUser>;
  /** Waits until the user can be read and matches `isExpected`. */
  read(name: string, isExpected?: (user: ApiUser) => boolean): Promise<ApiUser>;
  deleted(name: string): Promise<unknown>;
  /** Repeats a read until it finds something, because reads may be stale for some seconds after a write. */
  eventually<T>(what: string, read: () => Promise<T | undefined | false>): Promise<T>;
  /** A request about a bucket, signed with a key of its owner. */
  bucketCall(owner: ApiUser, method: Call["method"], bucket: string): Promise<unknown>;
  /** Deletes every user of the run, with buckets. */
  close(): Promise<void>;
}

/** Settings as a stack contains them. */
export function settingsFrom(raw: RawSettings): Settings {
  const { settings, problems } = parseSettings(raw);
  assert.ok(settings, problems?.join("; "));
  return settings;
}

/** Opens an area on the cluster of the settings. */
export function openArea(settings: Settings, pauseMs: number): Area {
  const run = randomBytes(4).toString("hex");
  const created: string[] = [];
  const client = createClient(settings);
  const transport = createTransport(settings);
  const send = createSend(settings, transport);
  const address = (name: string) => `contract-${run}-${name}@pulumi-ostor.example`;
  const eventually = async <T>(what: string, read: () => Promise<T | undefined | false>) => {
    for (let reads = 0; reads < 60; reads += 1) {
      const found = await read();
      if (found !== undefined && found !== false) return found;
      await sleep(pauseMs);
    }
    return assert.fail(`${what}: not found in time`);
  };
  const bucketCall = async ({ accessKeys }: ApiUser, method: Call["method"], bucket: string) => {
    const [key] = accessKeys;
    assert.ok(key?.secretAccessKey);
    const credentials = { ...key, secretAccessKey: key.secretAccessKey };
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
      // Refused while it owns a bucket that a stale list does not contain.
      return client.deleteUser(user.userId, emailAddress).then(
        () => true,
        () => false,
      );
    });
  };
  return {
    run,
    settings,
    client,
    send,
    address,
    eventually,
    bucketCall,
    async create(name) {
      created.push(address(name));
      return client.createUser(address(name));
    },
    read: (name, isExpected = () => true) =>
      eventually(`${address(name)} as it was written`, async () => {
        const user = await client.getUser(address(name));
        return user && isExpected(user) ? user : undefined;
      }),
    deleted: (name) =>
      eventually(`${address(name)} gone`, async () => !(await client.getUser(address(name)))),
    async close() {
      const left = await Promise.allSettled(created.map(remove));
      await Promise.all([client.close(), transport.close()]);
      for (const result of left) assert.equal(result.status, "fulfilled", JSON.stringify(result));
    },
  };
}
