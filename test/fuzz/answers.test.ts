import assert from "node:assert/strict";
import { createClient, type Client } from "../../provider/api/client";
import type { Settings } from "../../provider/settings/settings";
import { settingsOf } from "../provider/harness";
import { assertExplained, canary, outcome } from "./clear";
import { replies, wire } from "./mutations";
import { operations } from "./operations";
import { startRawServer, type RawReply, type RawServer } from "./rawServer";
import { holds, seeded } from "./seed";

/** Only a call that hangs takes this long. */
const hungMs = 60_000;

describe(seeded("wrong responses"), function () {
  this.timeout(600_000);
  let server: RawServer;
  let settings: Settings;
  let client: Client;
  let hasty: Client;
  before(async () => {
    server = await startRawServer();
    const service = { endpoint: server.endpoint, secretAccessKey: canary, maxRetries: "0" };
    settings = settingsOf(service);
    client = createClient(settings);
    hasty = createClient(settingsOf({ ...service, timeoutSeconds: "0.2", deadlineSeconds: "0.2" }));
  });
  after(async () => {
    await client.close();
    await hasty.close();
    await server.close();
  });
  afterEach(() => {
    assert.equal((Object.prototype as { polluted?: unknown }).polluted, undefined);
  });

  for (const [index, { name, call, body, check, expected }] of operations.entries()) {
    it(`make ${name} return valid values, or fail with one line`, async () => {
      const whole = wire({ status: 200, headers: [], body: Buffer.from(body), isChunked: false });
      const checkReply = async (reply: RawReply) => {
        server.reply(reply);
        // Only on a connection that stays open is an answer awaited that never comes.
        const asking = reply.then === "keep" ? hasty : client;
        const { error, ...result } = await outcome(within(call(asking)));
        if (error !== undefined) assertExplained(error, settings);
        else check((result as { value: unknown }).value);
        if (!reply.bytes.equals(whole) || reply.then !== "end") return;
        assert.deepEqual(result, { value: expected });
      };
      await holds(330, replies(body), checkReply, index);
      server.reply({ bytes: whole, then: "end" });
      assert.deepEqual(await call(client), expected, "it does not recover");
    });
  }
});

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new assert.AssertionError({ message: "it hangs" }));
    }, hungMs);
  });
  return Promise.race([work, hung]).finally(() => {
    clearTimeout(timer);
  });
}
