import assert from "node:assert/strict";
import { rootCertificates } from "node:tls";
import { setCommand, environmentName } from "../../../provider/settings/names";
import {
  collectSettings,
  parseSettings,
  type RawSettings,
  type SettingName,
} from "../../../provider/settings/settings";

const secretAccessKey = "VerySecretKeyOfTheAdministrator";
const needed = { endpoint: "https://s3.example.com", accessKeyId: "AK", secretAccessKey };

function problems(raw: RawSettings): string[] {
  return parseSettings({ ...needed, ...raw }).problems ?? assert.fail("nothing was wrong");
}

describe("parseSettings", () => {
  it("fills in defaults", () => {
    assert.deepEqual(parseSettings(needed).settings, {
      ...needed,
      region: "us-east-1",
      signatureVersion: "auto",
      dialect: "post",
      insecure: false,
      timeoutSeconds: 30,
      deadlineSeconds: 120,
      maxRetries: 4,
      maxConcurrency: 32,
      explicit: false,
    });
  });

  it("reads every setting from its text", () => {
    const [caPem = ""] = rootCertificates;
    const { settings } = parseSettings({
      ...needed,
      region: "eu-1",
      signatureVersion: "v2",
      dialect: "put",
      caFile: __filename,
      caPem,
      insecure: "true",
      timeoutSeconds: "0.5",
      deadlineSeconds: "7.5",
      maxRetries: "0",
      maxConcurrency: "256",
      explicit: "true",
    });
    assert.deepEqual(settings, {
      ...needed,
      region: "eu-1",
      signatureVersion: "v2",
      dialect: "put",
      caFile: __filename,
      caPem,
      insecure: true,
      timeoutSeconds: 0.5,
      deadlineSeconds: 7.5,
      maxRetries: 0,
      maxConcurrency: 256,
      explicit: true,
    });
  });

  it("reads false", () => {
    const { settings } = parseSettings({ ...needed, insecure: "false", explicit: "false" });
    assert.deepEqual([settings?.insecure, settings?.explicit], [false, false]);
  });

  for (const [given, origin] of [
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["https://S3.Example.com/", "https://s3.example.com"],
    ["https://s3.example.com:443//", "https://s3.example.com"],
    ["http://[::1]:9000", "http://[::1]:9000"],
  ] as const) {
    it(`accepts the endpoint ${given}`, () => {
      assert.equal(parseSettings({ ...needed, endpoint: given }).settings?.endpoint, origin);
    });
  }

  const wrong: [SettingName, string, string][] = [
    ["endpoint", "s3.example.com", "https://s3.example.com"],
    ["endpoint", "ftp://s3.example.com", "https://s3.example.com"],
    ["endpoint", "https://s3.example.com/bucket", "https://s3.example.com"],
    ["endpoint", "https://s3.example.com/?ostor-users", "https://s3.example.com"],
    ["endpoint", "https://s3.example.com#part", "https://s3.example.com"],
    ["accessKeyId", "two words", "<id of a system user's key>"],
    ["accessKeyId", "line\nbreak", "<id of a system user's key>"],
    ["region", "us east", "us-east-1"],
    ["signatureVersion", "v3", "auto"],
    ["caFile", "/nowhere/ca.pem", "/path/of/ca.pem"],
    ["insecure", "yes", "false"],
    ["timeoutSeconds", "0", "30"],
    ["timeoutSeconds", "601", "30"],
    ["timeoutSeconds", "1e2", "30"],
    ["deadlineSeconds", "0", "120"],
    ["deadlineSeconds", "3601", "120"],
    ["maxRetries", "21", "4"],
    ["maxRetries", "1.5", "4"],
    ["maxRetries", "-1", "4"],
    ["maxConcurrency", "0", "32"],
    ["maxConcurrency", "many", "32"],
  ];
  for (const [name, value, example] of wrong) {
    it(`rejects ${name} ${JSON.stringify(value)} with the command that sets it`, () => {
      const [problem = "", ...more] = problems({ [name]: value });
      assert.deepEqual(more, []);
      assert(problem.startsWith(`ostor:${name} must be `), problem);
      assert(problem.includes(`, is ${JSON.stringify(value)}; `), problem);
      const command = `run: pulumi config set ostor:${name} ${example} (or set OSTOR_`;
      assert(problem.includes(command), problem);
    });
  }

  it("names each missing setting with its command, and stores the secret as a secret", () => {
    assert.deepEqual(parseSettings({}).problems, [
      "ostor:endpoint is not set; run: pulumi config set ostor:endpoint https://s3.example.com (or set OSTOR_ENDPOINT)",
      "ostor:accessKeyId is not set; run: pulumi config set ostor:accessKeyId <id of a system user's key> (or set OSTOR_ACCESS_KEY_ID)",
      "ostor:secretAccessKey is not set; run: pulumi config set --secret ostor:secretAccessKey <secret of that key> (or set OSTOR_SECRET_ACCESS_KEY)",
    ]);
  });

  it("refers to the arguments of an explicit provider, not to the configuration", () => {
    const raw = { ...needed, region: "a b", explicit: "true" };
    assert.deepEqual(parseSettings(raw).problems, [
      'ostor.Provider: region must be one word without spaces or line breaks, is "a b"; give it in the provider\'s arguments',
    ]);
  });

  it("prints no malformed secret, certificate or password of an endpoint", () => {
    const texts = [
      ...problems({ secretAccessKey: "SENTINEL with a space" }),
      ...problems({ caPem: "SENTINEL" }),
      ...problems({ endpoint: "https://admin:SENTINEL@s3.example.com" }),
      ...problems({ endpoint: "https://SENTINEL/with@signs:in@s3.example.com" }),
      ...problems({ endpoint: "", maxRetries: "x" }),
    ];
    assert.equal(texts.length, 6);
    for (const text of texts) assert(!text.includes("SENTINEL"), text);
    for (const text of problems({ maxRetries: "x" })) assert(!text.includes(secretAccessKey), text);
  });

  it("prints only the beginning of a long value", () => {
    const [problem = ""] = problems({ region: "a ".repeat(10_000) });
    assert(problem.length < 400, String(problem.length));
  });

  it("returns unknown while a preview does not know a setting, also if others are malformed", () => {
    const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(parseSettings({ endpoint: marker, region: "a b" }), { unknown: true });
  });
});

describe("collectSettings", () => {
  const environment = {
    OSTOR_ENDPOINT: "https://environment.example.com",
    OSTOR_SECRET_ACCESS_KEY: "from environment",
    OSTOR_MAX_RETRIES: "7",
    OSTOR_EXPLICIT: "true",
    ENDPOINT: "https://stray.example.com",
  };
  const collect = (config: Record<string, unknown>, from = environment) =>
    collectSettings((key) => config[key], from);

  it("reads only configuration under ostor:", () => {
    const config = { "ostor:region": "eu-1", region: "x", "aws:region": "y", "ostor:other": "z" };
    assert.deepEqual(
      collectSettings((key) => (config as Record<string, unknown>)[key], {}),
      { region: "eu-1" },
    );
  });

  it("reads from the environment only what the configuration does not set", () => {
    assert.deepEqual(collect({ "ostor:endpoint": "https://config.example.com" }), {
      endpoint: "https://config.example.com",
      secretAccessKey: "from environment",
      maxRetries: "7",
    });
  });

  it("never reads the environment for an explicit provider", () => {
    for (const explicit of ["true", true]) {
      assert.deepEqual(collect({ "ostor:explicit": explicit, "ostor:region": "eu-1" }), {
        region: "eu-1",
        explicit: "true",
      });
    }
  });

  it("reads numbers and booleans as texts, and empty texts as not set", () => {
    const config = { "ostor:insecure": false, "ostor:timeoutSeconds": 5, "ostor:region": "" };
    assert.deepEqual(
      collectSettings((key) => (config as Record<string, unknown>)[key], { OSTOR_REGION: "" }),
      { insecure: "false", timeoutSeconds: "5" },
    );
  });
});

describe("environmentName", () => {
  it("returns the variable of a setting", () => {
    assert.equal(environmentName("secretAccessKey"), "OSTOR_SECRET_ACCESS_KEY");
    assert.equal(environmentName("caPem"), "OSTOR_CA_PEM");
  });
});

describe("setCommand", () => {
  it("quotes a value that a shell reads from a file", () => {
    assert.equal(
      setCommand(undefined, "caPem"),
      'pulumi config set ostor:caPem -- "$(cat ca.pem)"',
    );
  });
});
