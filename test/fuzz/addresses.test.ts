import assert from "node:assert/strict";
import { createEmulator, type Emulator } from "../../emulator";
import type { Client } from "../../provider/api/client";
import { createClient } from "../../provider/api/client";
import { emailAddress } from "../../provider/resources/check";
import type { Settings } from "../../provider/settings/settings";
import { userLifecycle } from "../../provider/resources/user/user";
import { settingsOf } from "../provider/harness";
import { assertClear, assertExplained, canary, outcome } from "./clear";
import { address } from "./oddTexts";
import { holds, seeded } from "./seed";

describe(seeded("arbitrary addresses"), function () {
  this.timeout(600_000);
  let emulator: Emulator;
  before(async () => {
    // A service that takes a bare plus for a space tells a client that doesn't encode it.
    const assumptions = { plusIsSpace: true };
    emulator = createEmulator({ accessKeyId: "AK", secretAccessKey: canary, assumptions });
    await emulator.start();
    emulator.cluster.createUser("bystander@example.com");
  });
  after(() => emulator.stop());

  for (const signatureVersion of ["v2", "v4"]) {
    it(`live under exactly their own name, or are refused, signed with ${signatureVersion}`, async () => {
      const { endpoint } = emulator;
      const settings = settingsOf({ endpoint, signatureVersion, secretAccessKey: canary });
      const client = createClient(settings, { retryBaseMs: 1 });
      let lived = 0;
      try {
        await holds(600, address, async (text) => {
          if (emailAddress.safeParse(text).success) {
            await live(client, emulator, text);
            lived += 1;
          } else {
            assertRefused(text);
            await assertNobody(client, settings, text);
          }
        });
      } finally {
        await client.close();
      }
      assert(lived > 200, `only ${lived} were addresses`);
    });
  }
});

/** A user's whole life, looked at past the API after each step; those with a name like it stay as they are. */
async function live(client: Client, emulator: Emulator, text: string): Promise<void> {
  const neighbours = makeNeighbours(emulator, text);
  const others = () => emulator.cluster.users().filter((user) => user.emailAddress !== text);
  const before = others();
  const here = () => emulator.cluster.user(text);
  const { userId, accessKeys } = await client.createUser(text);
  assert.equal(here()?.userId, userId);
  assert.equal((await client.getUser(text))?.emailAddress, text);
  assert.equal((await client.getUserById(userId))?.emailAddress, text);
  await client.disableUser(text);
  assert.equal(here()?.state, "disabled");
  await client.enableUser(text);
  assert.equal(here()?.state, "enabled");
  await client.generateKey(text);
  assert.equal(here()?.accessKeys.length, 2);
  await client.revokeKey(text, accessKeys[0]?.accessKeyId ?? "");
  assert.equal(here()?.accessKeys.length, 1);
  assert.equal(await client.deleteUser(userId, text), true);
  assert.equal(await client.getUser(text), undefined);
  assert.deepEqual(others(), before, "another user was touched");
  for (const name of neighbours) emulator.cluster.deleteUser(name);
}

/** Makes the users whom a layer that decodes, normalises or folds would mistake for this one. */
function makeNeighbours(emulator: Emulator, text: string): string[] {
  const decoded = outcomeOf(() => decodeURIComponent(text));
  const names = [
    decoded,
    text.normalize("NFC"),
    text.normalize("NFD"),
    text.replaceAll("+", "%2B"),
  ];
  return [...new Set([...names, text.toUpperCase(), text.split(/[&#?]/)[0]])].flatMap((name) => {
    if (name === undefined || name === text || emulator.cluster.user(name)) return [];
    return outcomeOf(() => emulator.cluster.createUser(name)) ? [name] : [];
  });
}

function outcomeOf<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** What a person reads whose program has such an address. */
function assertRefused(text: string): void {
  const { failures } = userLifecycle.check({ emailAddress: text });
  assert.deepEqual(
    failures.map(({ property }) => property),
    ["emailAddress"],
  );
  const reason = failures[0]?.reason ?? "";
  assertClear(reason);
  assert.match(reason, /^emailAddress must be an e-mail address/);
}

/** An import asks for whatever it is told: nobody is found, or one line says why not. */
async function assertNobody(client: Client, settings: Settings, text: string): Promise<void> {
  const { error, ...found } = await outcome(client.getUser(text));
  if (error === undefined) assert.deepEqual(found, { value: undefined });
  else assertExplained(error, settings);
}
