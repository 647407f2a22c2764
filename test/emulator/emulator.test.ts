import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { get as httpsGet } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createEmulator, type EmulatorOptions } from "../../emulator";
import { s3Curl } from "./client";
import { withEmulator } from "./withEmulator";

describe("createEmulator", () => {
  it("starts on a free port of the loopback, and returns its endpoint", async () => {
    const emulator = createEmulator();
    assert.throws(() => emulator.endpoint, /not started/);
    const endpoint = await emulator.start();
    assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(emulator.endpoint, endpoint);
    await emulator.stop();
    assert.throws(() => emulator.endpoint, /not started/);
  });

  it("refuses to start twice, stops twice, and starts again on its port with its contents", async () => {
    const emulator = createEmulator();
    const endpoint = await emulator.start();
    await assert.rejects(emulator.start(), /already started/);
    emulator.cluster.createUser("a@example.com");
    await emulator.stop();
    await emulator.stop();
    assert.equal(await emulator.start(), endpoint);
    assert.equal(
      (await s3Curl(emulator, "GET", "ostor-users&emailAddress=a@example.com")).status,
      200,
    );
    await emulator.stop();
  });

  it("fails to start on a port in use, and can start later", async () => {
    await withEmulator({}, async (first) => {
      const port = Number(new URL(first.endpoint).port);
      const second = createEmulator({ port });
      await assert.rejects(second.start(), { code: "EADDRINUSE" });
      await first.stop();
      await second.start();
      await second.stop();
    });
  });

  it("stops although a connection is open and a response is pending", async () => {
    const emulator = createEmulator();
    await emulator.start();
    emulator.failNext({ kind: "late", delayMs: 60_000 });
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) => {
      request(emulator.endpoint, { agent }, (answer) => answer.resume().on("end", resolve)).end();
    });
    const waiting = assert.rejects(s3Curl(emulator, "GET", "ostor-users"));
    while (emulator.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    await emulator.stop();
    await waiting;
    agent.destroy();
  });

  it("uses the given credentials", () => {
    const credentials = { accessKeyId: "ID", secretAccessKey: "SECRET" };
    assert.deepEqual(createEmulator(credentials).credentials, credentials);
    assert.equal(createEmulator({ accessKeyId: "ID" }).credentials.secretAccessKey.length, 40);
  });

  it("records requests, without secrets, until the record is cleared", async () => {
    await withEmulator({}, async (emulator) => {
      await s3Curl(emulator, "PUT", "ostor-users&emailAddress=a@example.com");
      const { accessKeyId = "", secretAccessKey = "" } =
        emulator.cluster.user("a@example.com")?.accessKeys[0] ?? {};
      const revoke = `ostor-users&emailAddress=a@example.com&revokeKey=${accessKeyId}`;
      await s3Curl(emulator, "POST", revoke);
      await s3Curl(emulator, "GET", "ostor-buckets&Signature=abc");
      assert.deepEqual(emulator.requests, [
        {
          method: "PUT",
          path: "/?ostor-users&emailAddress=a@example.com",
          operation: "createUser",
          status: 200,
          signatureVersion: "v2",
        },
        {
          method: "POST",
          path: `/?${revoke}`,
          operation: "revokeKey",
          status: 200,
          signatureVersion: "v2",
        },
        {
          method: "GET",
          path: "/?ostor-buckets&Signature=***",
          operation: "listBuckets",
          status: 200,
          signatureVersion: "v2",
        },
      ]);
      assert.ok(!JSON.stringify(emulator.requests).includes(secretAccessKey));
      const { requests } = emulator;
      emulator.clearRequests();
      assert.deepEqual(requests, []);
    });
  });

  it("delays many requests without a warning", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on("warning", listen);
    await withEmulator({ delayMs: 20 }, async (emulator) => {
      const waiting = Array.from({ length: 30 }, () => s3Curl(emulator, "GET", "ostor-users"));
      for (const { status } of await Promise.all(waiting)) assert.equal(status, 200);
    });
    process.off("warning", listen);
    assert.deepEqual(warnings, []);
  });

  it("delays each request by delayMs", async () => {
    await withEmulator({ delayMs: 80 }, async (emulator) => {
      const startedMs = performance.now();
      await s3Curl(emulator, "GET", "ostor-users");
      assert.ok(performance.now() - startedMs >= 75);
    });
  });

  it("compares dates with the given clock", async () => {
    const past = Date.UTC(2016, 3, 7, 13, 1, 3);
    await withEmulator({ clock: () => past }, async (emulator) => {
      const date = "Thu, 07 Apr 2016 16:01:03 +0300";
      assert.equal((await s3Curl(emulator, "GET", "ostor-users", { date })).status, 200);
      assert.equal((await s3Curl(emulator, "GET", "ostor-users")).status, 403);
    });
  });

  it("serves https", async () => {
    const { key, cert } = selfSigned();
    await withEmulator({ tls: { key, cert } }, async (emulator) => {
      assert.match(emulator.endpoint, /^https:/);
      const status = await new Promise((resolve, reject) => {
        httpsGet(
          emulator.endpoint,
          { ca: cert, checkServerIdentity: () => undefined },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          },
        ).on("error", reject);
      });
      assert.equal(status, 403);
    });
  });

  const wrong: [EmulatorOptions, RegExp][] = [
    [{ port: 65536 }, /^TypeError: port must be a whole number from 0 to 65535, not 65536$/],
    [{ delayMs: -1 }, /delayMs must be/],
    [{ accessKeyId: "" }, /accessKeyId must not be empty/],
    [{ assumptions: { deleteStatus: 99 } }, /assumptions.deleteStatus must be from 200 to 599/],
    [{ assumptions: { lagMs: -1 } }, /assumptions.lagMs must be a whole number/],
    [
      { assumptions: { listShape: "tree" as "array" } },
      /listShape must be array or object, not tree/,
    ],
    [{ assumptions: { signatureVersions: ["v3" as "v2"] } }, /must be v2 or v4, not v3/],
    [
      { assumptions: { unsupportedSignatureCode: "No" as "AccessDenied" } },
      /AccessDenied or .*, not No/,
    ],
    [{ assumptions: { listKeys: "no" as unknown as boolean } }, /listKeys must be a boolean/],
    [{ assumptions: { lags: 1 } as object }, /unknown assumption lags/],
  ];
  for (const [options, message] of wrong) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => createEmulator(options), message);
    });
  }
});

function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "emulator-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"];
  execFileSync("openssl", [...request, "-keyout", keyFile, "-out", certFile], { stdio: "ignore" });
  const certificate = { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
  rmSync(folder, { recursive: true });
  return certificate;
}
