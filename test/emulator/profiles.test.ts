import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createEmulator, type Emulator, type Profile } from "../../emulator";
import { readCommandLine } from "../../emulator/commandLine";
import { s3Curl } from "./client";
import { withEmulator } from "./withEmulator";

const emailAddress = "client@example.com";
const who = `emailAddress=${encodeURIComponent(emailAddress)}`;

/** The names of properties, also of items, with the type of each value. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shapeOf(item)]));
}

function sample(name: string): unknown {
  const path = join(__dirname, "..", "fixtures", "answers", `${name}.json`);
  return shapeOf(JSON.parse(readFileSync(path, "utf8")));
}

async function answerOf(emulator: Emulator, method: string, query: string): Promise<unknown> {
  const { status, body } = await s3Curl(emulator, method, `ostor-users&${query}`);
  assert.equal(status, 200, body);
  return JSON.parse(body);
}

const asked = async (emulator: Emulator, method: string, query: string) =>
  shapeOf(await answerOf(emulator, method, query));

/** The matching samples of the guides for each generation. */
const samples: Record<Profile, { list: string; user: string; keyMethod: string; keys: number }> = {
  seed: { list: "listUsers-array", user: "getUser", keyMethod: "POST", keys: 1 },
  "acronis-2": {
    list: "listUsers-array-keys",
    user: "getUser-noState",
    keyMethod: "PUT",
    keys: 2,
  },
  "vhi-7": {
    list: "listUsers-object",
    user: "getUser-accounts",
    keyMethod: "POST",
    keys: 1,
  },
};

for (const [profile, { list, user, keyMethod, keys }] of Object.entries(samples)) {
  describe(`the profile ${profile}`, () => {
    const options = { seed: 1, profile: profile as Profile };

    it("returns the shapes of the samples of its generation", async () => {
      await withEmulator(options, async (emulator) => {
        assert.deepEqual(await asked(emulator, "PUT", who), sample("createUser"));
        const accounts = (shape: unknown) => ({ ...(shape as object), Accounts: [] });
        const expected = sample(user);
        const got = await asked(emulator, "GET", who);
        assert.deepEqual(got, user === "getUser-accounts" ? accounts(expected) : expected);
        const listed = asShown(await asked(emulator, "GET", ""));
        assert.deepEqual(listed, asShown(sample(list)));
      });
    });

    it(`generates keys by ${keyMethod}, and returns ${keys} of two`, async () => {
      await withEmulator(options, async (emulator) => {
        await answerOf(emulator, "PUT", who);
        const reply = (await answerOf(emulator, keyMethod, `${who}&genKey`)) as {
          AWSAccessKeys: unknown[];
        };
        assert.equal(reply.AWSAccessKeys.length, keys);
      });
    });
  });
}

/** Skips the system user, which is first in the list and has no keys there. */
function asShown(list: unknown): string[] {
  const items = Array.isArray(list) ? list : (list as { Users: unknown[] }).Users;
  return Object.keys(items[0] as object);
}

describe("a profile", () => {
  it("is overridden by assumptions", async () => {
    const assumptions = { genKeyReply: "new" } as const;
    await withEmulator({ profile: "acronis-2", assumptions }, async (emulator) => {
      await answerOf(emulator, "PUT", who);
      const reply = (await answerOf(emulator, "PUT", `${who}&genKey`)) as {
        AWSAccessKeys: unknown[];
      };
      assert.equal(reply.AWSAccessKeys.length, 1);
    });
  });

  it("that does not exist is refused, and the error names the profiles", () => {
    assert.throws(
      () => createEmulator({ profile: "vhi-8" as Profile }),
      /^TypeError: profile must be one of seed, acronis-2, vhi-7, not vhi-8$/,
    );
  });

  it("can be selected on the command line", () => {
    const read = readCommandLine(["--profile", "vhi-7"]);
    assert.equal("options" in read && read.options.profile, "vhi-7");
  });
});

describe("an emulator that only accepts keys by POST", () => {
  it("refuses a PUT with genKey, as in the reference", async () => {
    await withEmulator({ seed: 1 }, async (emulator) => {
      const { status } = await s3Curl(emulator, "PUT", `ostor-users&${who}&genKey`);
      assert.equal(status, 400);
      assert.deepEqual(emulator.cluster.users(), []);
    });
  });

  it("creates a user for it with putIgnoresKeys", async () => {
    const assumptions = { putIgnoresKeys: true };
    await withEmulator({ seed: 1, assumptions }, async (emulator) => {
      await answerOf(emulator, "PUT", `${who}&genKey`);
      assert.equal(emulator.cluster.user(emailAddress)?.accessKeys.length, 1);
    });
  });
});
