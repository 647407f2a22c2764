import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Client } from "../../provider/api/client";
import type { ApiUser } from "../../provider/api/schemas";
import { createSend, type Call, type Send } from "../../provider/api/send";
import { createTransport } from "../../provider/api/transport";
import { parseSettings, type RawSettings, type Settings } from "../../provider/settings/settings";

/** A part of a cluster that nobody else uses: the users whose addresses hold `run`. */
export interface Place {
  run: string;
  settings: Settings;
  client: Client;
  send: Send;
  address(name: string): string;
  create(name: string): Promise<ApiUser>;
  /** The user once it is shown, and as `isIt` wants it. */
  shown(name: string, isIt?: (user: ApiUser) => boolean): Promise<ApiUser>;
  gone(name: string): Promise<unknown>;
  /** Looks until something is there: a service may answer with an old state for some seconds after a write. */
  eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
  /** A request about a bucket, signed with a key of its owner. */
  bucketCall(owner: ApiUser, method: Call["method"], bucket: string): Promise<unknown>;
  /** Removes every user that was made here, with buckets. */
  leave(): Promise<void>;
}

/** Settings as a stack gives them. */
export function settingsFrom(raw: RawSettings): Settings {
  const { settings, problems } = parseSettings(raw);
  assert.ok(settings, problems?.join("; "));
  return settings;
}

/** Opens a place on the cluster that the settings name. */
export function openPlace(settings: Settings, pauseMs: number): Place {
  const run = randomBytes(4).toString("hex");
  const made: string[] = [];
  const client = createClient(settings);
  const transport = createTransport(settings);
  const send = createSend(settings, transport);
  const address = (name: string) => `contract-${run}-${name}@pulumi-ostor.example`;
  const eventually = async <T>(what: string, look: () => Promise<T | undefined | false>) => {
    for (let looks = 0; looks < 60; looks += 1) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await sleep(pauseMs);
    }
    return assert.fail(`${what}: not seen in time`);
  };
  const bucketCall = async ({ accessKeys }: ApiUser, method: Call["method"], bucket: string) => {
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
  return {
    run,
    settings,
    client,
    send,
    address,
    eventually,
    bucketCall,
    async create(name) {
      made.push(address(name));
      return client.createUser(address(name));
    },
    shown: (name, isIt = () => true) =>
      eventually(`${address(name)} as it was written`, async () => {
        const user = await client.getUser(address(name));
        return user && isIt(user) ? user : undefined;
      }),
    gone: (name) =>
      eventually(`${address(name)} gone`, async () => !(await client.getUser(address(name)))),
    async leave() {
      const left = await Promise.allSettled(made.map(remove));
      await Promise.all([client.close(), transport.close()]);
      for (const result of left) assert.equal(result.status, "fulfilled", JSON.stringify(result));
    },
  };
}
