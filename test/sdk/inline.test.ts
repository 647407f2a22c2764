import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { createEmulator, type Emulator } from "../../emulator";
import * as ostor from "../../sdk";

/** Runs a program like an inline program of the Automation API: with its own stack configuration. */
function inline<T>(config: Record<string, string>, program: () => Promise<T>): Promise<T> {
  // oxlint-disable-next-line typescript/no-require-imports -- internal, and so without types
  const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
    withLocalStorage: <R>(work: () => R) => R;
  };
  return withLocalStorage(() => {
    pulumi.runtime.setAllConfig(config);
    return program();
  });
}

function configOf({ endpoint, credentials }: Emulator): Record<string, string> {
  return {
    "ostor:endpoint": endpoint,
    "ostor:accessKeyId": credentials.accessKeyId,
    "ostor:secretAccessKey": credentials.secretAccessKey,
  };
}

describe("the data sources of inline programs", () => {
  const eu = createEmulator({ seed: 1 });
  const us = createEmulator({ seed: 2 });
  const { env } = process;
  before(async () => {
    await Promise.all([eu.start(), us.start()]);
    eu.cluster.createUser("ops@eu.example");
    us.cluster.createUser("ops@us.example");
  });
  after(() => Promise.all([eu.stop(), us.stop()]));
  beforeEach(() => {
    const others = Object.entries(env).filter(([name]) => !name.startsWith("OSTOR_"));
    process.env = Object.fromEntries(others);
  });
  afterEach(() => {
    process.env = env;
  });

  const addresses = async () => {
    const { users } = await ostor.getUsers();
    return users.map(({ emailAddress }) => emailAddress).filter((each) => each.startsWith("ops@"));
  };

  it("read the cluster of their own stack, also at the same time", async () => {
    const seen = await Promise.all(
      [eu, us, eu, us].map((cluster, index) =>
        inline(configOf(cluster), async () => {
          await sleep(index * 5);
          return addresses();
        }),
      ),
    );
    const [one, other] = [["ops@eu.example"], ["ops@us.example"]];
    assert.deepEqual(seen, [one, other, one, other]);
  });

  it("never use the environment of the process", async () => {
    const { "ostor:endpoint": endpoint = "", ...rest } = configOf(eu);
    process.env["OSTOR_ENDPOINT"] = us.endpoint;
    us.clearRequests();
    await assert.rejects(
      inline(rest, addresses),
      /^Error: getUsers: ostor:endpoint is not in the stack's configuration, and an inline program cannot read .*envVars/,
    );
    process.env["OSTOR_REGION"] = "eu-1";
    // Only the engine knows whether the resources use that region.
    await assert.rejects(inline(configOf(eu), addresses), /getUsers: ostor:region is not in/);
    const whole = { ...configOf(eu), "ostor:region": "us-east-1" };
    assert.deepEqual(await inline(whole, addresses), ["ops@eu.example"]);
    assert.deepEqual(us.requests, []);
    assert.ok(endpoint);
  });

  it("name every setting that is missing", async () => {
    await assert.rejects(
      inline({}, addresses),
      /ostor:endpoint, ostor:accessKeyId, ostor:secretAccessKey are not in/,
    );
  });

  it("name the source of settings if the cluster rejects them", async () => {
    const wrong = { ...configOf(eu), "ostor:secretAccessKey": "wrong-secret-of-a-test" };
    await assert.rejects(
      inline(wrong, addresses),
      /403.*; an inline program reads settings from the stack's configuration only, not from envVars of the workspace \[credentials-rejected\]$/s,
    );
  });
});
