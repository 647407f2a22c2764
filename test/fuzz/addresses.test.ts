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
    // Reveals a client that does not encode a plus.
    const assumptions = { plusIsSpace: true };
    emulator = createEmulator({ accessKeyId: "AK", secretAccessKey: canary, assumptions });
    await emulator.start();
    emulator.cluster.createUser("bystander@example.com");
  });
  after(() => emulator.stop());

  for (const signatureVersion of ["v2", "v4"]) {
    it(`are used exactly as given, or are refused, signed with ${signatureVersion}`, async () => {
      const { endpoint } = emulator;
      const settings = settingsOf({ endpoint, signatureVersion, secretAccessKey: canary });
      const client = createClient(settings, { retryBaseMs: 1 });
      let valid = 0;
      try {
        await holds(600, address, async (text) => {
          if (emailAddress.safeParse(text).success) {
            await useAddress(client, emulator, text);
            valid += 1;
          } else {
            assertRefused(text);
            await assertNotFound(client, settings, text);
          }
        });
      } finally {
        await client.close();
      }
      assert(valid > 30, `only ${valid} were addresses`);
    });
  }
});

/** Creates, changes and deletes a user, and checks that users with similar addresses do not change. */
async function useAddress(client: Client, emulator: Emulator, text: string): Promise<void> {
  const neighbours = createNeighbours(emulator, text);
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
  assert.deepEqual(others(), before, "another user was changed");
  for (const name of neighbours) emulator.cluster.deleteUser(name);
}

/** Creates the users that a layer which decodes, normalizes or folds would mistake for this one. */
function createNeighbours(emulator: Emulator, text: string): string[] {
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

/** Checks the message for a program with such an address. */
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

/** An import can request any address: no user is found, or it fails with one line. */
async function assertNotFound(client: Client, settings: Settings, text: string): Promise<void> {
  const { error, ...found } = await outcome(client.getUser(text));
  if (error === undefined) assert.deepEqual(found, { value: undefined });
  else assertExplained(error, settings);
}
