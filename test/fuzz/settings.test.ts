import assert from "node:assert/strict";
import fc from "fast-check";
import { createClient } from "../../provider/api/client";
import { lookups } from "../../provider/resources/lookup";
import { environmentName } from "../../provider/settings/names";
import {
  collectSettings,
  parseSettings,
  type RawSettings,
  type SettingName,
} from "../../provider/settings/settings";
import { assertClear, canary, outcome } from "./clear";
import { oddText } from "./oddTexts";
import { holds, seeded } from "./seed";

const certificate = "-----BEGIN CERTIFICATE-----";
const number = fc.oneof(
  fc.constantFrom("0", "-1", "1e3", "0x10", "NaN", "Infinity", " 5", "5 ", "0.05", "9".repeat(400)),
  fc.integer().map(String),
  fc.double().map(String),
);
const endpoint = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .tuple(fc.constantFrom("http", "https", "HTTPS", "ftp", "javascript", "file", ""), oddText)
    .map(([scheme, rest]) => `${scheme}://${rest}`),
  fc.constantFrom(
    ...[`https://ops:${canary}@s3.example.com`, `https:ops:${canary}@s3.example.com`],
    ...[`ops:${canary}@s3.example.com`, `https://s3.example.com/?token=${canary}`],
    ...[
      "https://s3.example.com:0",
      "http://[::1",
      "https://s3.example.com:99999",
      "http://１２７.1",
    ],
  ),
);

/** Values as in configuration files, environments, or pasted into the wrong field. */
const values: Record<SettingName, fc.Arbitrary<string>> = {
  endpoint,
  accessKeyId: fc.oneof(oddText, fc.constantFrom(`AK ${canary}`, "AK", "A K")),
  secretAccessKey: fc.oneof(oddText, fc.constantFrom(canary, `${canary}\n`)),
  region: fc.oneof(oddText, fc.constantFrom("us-east-1", "a/b", "a,b", canary)),
  signatureVersion: fc.constantFrom("auto", "v2", "v4", "V4", "v3", ""),
  dialect: fc.constantFrom("post", "put", "PUT", "get"),
  caFile: fc.oneof(oddText, fc.constantFrom(__filename, "/", "/dev/null", "/nowhere/ca.pem")),
  caPem: fc.oneof(
    oddText,
    fc.constantFrom(certificate, `${certificate}\n${canary}\n-----END CERTIFICATE-----`),
  ),
  insecure: fc.constantFrom("true", "false", "yes", "1"),
  timeoutSeconds: number,
  deadlineSeconds: number,
  maxRetries: number,
  maxConcurrency: number,
  explicit: fc.constantFrom("true", "false", "maybe"),
};

const right: RawSettings = {
  endpoint: "https://s3.example.com",
  accessKeyId: "AK",
  secretAccessKey: canary,
};

/** Valid settings, some of them replaced. */
const raws: fc.Arbitrary<RawSettings> = fc
  .record(values, { requiredKeys: [] })
  .chain((odd) => fc.subarray(Object.keys(odd), { maxLength: 3 }).map((names) => pick(odd, names)))
  .map((odd) => ({ ...right, ...odd }));

function pick(from: RawSettings, names: string[]): RawSettings {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

/** The secret, wherever it was pasted, and secrets in the endpoint. */
function secretsOf({ secretAccessKey = "", endpoint = "" }: RawSettings): string[] {
  const carried = /[@=]/.test(endpoint) ? [canary] : [];
  // Shorter texts are part of any sentence.
  return [...carried, secretAccessKey.trim()].filter((text) => text.length >= 8);
}

describe(seeded("arbitrary settings"), function () {
  this.timeout(600_000);

  it("are accepted, or refused with one line each, with the command that fixes them and no secret", async () => {
    const counts = { accepted: 0, refused: 0 };
    await holds(2500, raws, async (raw) => {
      const { settings, problems = [] } = parseSettings(raw);
      counts[settings ? "accepted" : "refused"] += 1;
      for (const line of problems) {
        assertClear(line, secretsOf(raw));
        assert.match(line, /pulumi config set|give it in the provider's arguments/);
      }
      if (!settings) return;
      assert.equal(new URL(settings.endpoint).origin, settings.endpoint);
      const { error } = await outcome(openAndClose(raw));
      if (error !== undefined) assertClear((error as Error).message, secretsOf(raw));
    });
    assert(counts.accepted > 100 && counts.refused > 100, JSON.stringify(counts));
  });

  it("mean the same from the environment and from a configuration", async () => {
    await holds(500, raws, (raw) => {
      const environment = Object.entries(raw).map(([name, value]) => [
        environmentName(name as SettingName),
        name === "explicit" ? undefined : value,
      ]);
      const { explicit: _, ...known } = raw;
      const fromEnvironment = collectSettings(
        () => undefined,
        Object.fromEntries(environment) as Record<string, string>,
      );
      const fromConfiguration = collectSettings(
        (key) => known[key.replace(/^ostor:/, "") as keyof typeof known],
        {},
      );
      assert.deepEqual(fromEnvironment, fromConfiguration);
    });
  });

  it("of a lookup fail with one line", async () => {
    await holds(500, raws, (raw) => {
      if (parseSettings(raw).settings) return;
      assert.throws(
        () => lookups(raw),
        (error: Error) => {
          for (const line of error.message.split("; ostor")) assertClear(line, secretsOf(raw));
          return true;
        },
      );
    });
  });
});

/** Creates a client, because it reads the certificates. */
async function openAndClose(raw: RawSettings): Promise<void> {
  const { settings } = parseSettings(raw);
  assert(settings);
  await createClient(settings).close();
}
