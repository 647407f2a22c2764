import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

import { type Assumptions, createEmulator, type Emulator } from "../../../emulator";
import { type Reply, s3Curl, send, signV4, zonedDate } from "../client";
import { withEmulator } from "../withEmulator";

function assertRefused(reply: Reply, code: string, status = 403): void {
  assert.equal(reply.status, status, reply.body);
  assert.equal(reply.headers["x-amz-err-code"], code);
  assert.match(reply.body, new RegExp(`<Code>${code}</Code>`));
}

describe("authenticate", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = createEmulator();
    await emulator.start();
  });
  after(() => emulator.stop());

  const list = (options?: Parameters<typeof s3Curl>[3]) =>
    s3Curl(emulator, "GET", "ostor-users", options);

  describe("Version 2", () => {
    const minute = 60_000;
    const dates: [string, () => string][] = [
      ["a numeric zone", () => zonedDate(Date.now())],
      ["GMT", () => new Date().toUTCString()],
      ["the ISO basic form", () => new Date().toISOString().replace(/[-:]|\.\d+/g, "")],
      ["14 minutes ago", () => zonedDate(Date.now() - 14 * minute)],
    ];
    for (const [name, date] of dates) {
      it(`accepts a date with ${name}`, async () => {
        assert.equal((await list({ date: date() })).status, 200);
      });
    }

    it("accepts x-amz-date in place of Date", async () => {
      const headers = { "x-amz-date": new Date().toUTCString() };
      assert.equal((await list({ date: "nonsense", headers })).status, 200);
    });

    it("accepts a signed Content-Type", async () => {
      assert.equal((await list({ headers: { "Content-Type": "application/json" } })).status, 200);
    });

    it("accepts the token of the service behind other parameters", async () => {
      const query = "emailAddress=a@b.example&ostor-users";
      const reply = await presigned("ostor-users", query);
      assert.equal(reply.headers["x-amz-err-code"], "NoSuchUser");
    });

    it("accepts a presigned address until it expires", async () => {
      assert.equal((await presigned("ostor-users", "ostor-users")).status, 200);
      assertRefused(await presigned("ostor-users", "ostor-users", -10), "AccessDenied");
    });

    it("refuses a signature by another secret, and returns the string to sign, not the secret", async () => {
      const secretAccessKey = "x".repeat(40);
      const credentials = { ...emulator.credentials, secretAccessKey };
      const date = zonedDate(Date.now());
      const reply = await list({ credentials, date });
      assertRefused(reply, "SignatureDoesNotMatch");
      assert.ok(
        reply.body.includes(`<StringToSign>GET\n\n\n${date}\n/?ostor-users</StringToSign>`),
      );
      assert.ok(!reply.body.includes(emulator.credentials.secretAccessKey));
    });

    it("refuses a signature for another date", async () => {
      const authorization = signatureFor(zonedDate(Date.now() - minute));
      const headers = { Authorization: authorization, Date: zonedDate(Date.now()) };
      const reply = await send(emulator.endpoint, {
        method: "GET",
        target: "/?ostor-users",
        headers,
      });
      assertRefused(reply, "SignatureDoesNotMatch");
    });

    it("refuses a signature of more parameters than the service token", async () => {
      const reply = await list({ resource: "/?ostor-users&emailAddress=a@b.example" });
      assertRefused(reply, "SignatureDoesNotMatch");
    });

    it("refuses a signature for another verb", async () => {
      const date = zonedDate(Date.now());
      const headers = { Authorization: signatureFor(date), Date: date };
      const reply = await send(emulator.endpoint, {
        method: "PUT",
        target: "/?ostor-users",
        headers,
      });
      assertRefused(reply, "SignatureDoesNotMatch");
    });

    it("refuses a date that is 16 minutes off", async () => {
      const date = zonedDate(Date.now() - 16 * minute);
      assertRefused(await list({ date }), "RequestTimeTooSkewed");
    });

    it("refuses an invalid date", async () => {
      assertRefused(await list({ date: "the day before yesterday" }), "AccessDenied");
    });

    function signatureFor(date: string): string {
      const { accessKeyId, secretAccessKey } = emulator.credentials;
      const text = `GET\n\n\n${date}\n/?ostor-users`;
      const signature = createHmac("sha1", secretAccessKey).update(text).digest("base64");
      return `AWS ${accessKeyId}:${signature}`;
    }

    function presigned(service: string, query: string, seconds = 60): Promise<Reply> {
      const { accessKeyId, secretAccessKey } = emulator.credentials;
      const expires = Math.floor(Date.now() / 1000) + seconds;
      const text = `GET\n\n\n${expires}\n/?${service}`;
      const signature = createHmac("sha1", secretAccessKey).update(text).digest("base64");
      const sign = `AWSAccessKeyId=${accessKeyId}&Expires=${expires}&Signature=${encodeURIComponent(signature)}`;
      return send(emulator.endpoint, { method: "GET", target: `/?${query}&${sign}` });
    }
  });

  describe("Version 4", () => {
    const query = { "ostor-users": "", emailAddress: "a+b@example.com" };

    it("accepts any region, with the parameters signed", async () => {
      const signed = await signV4(emulator, "PUT", query, { region: "eu-moon-7" });
      const reply = await send(emulator.endpoint, signed);
      assert.equal(reply.status, 200, reply.body);
      assert.ok(emulator.cluster.user("a+b@example.com"));
    });

    it("refuses a query that was changed after signing, and changes nothing", async () => {
      const signed = await signV4(emulator, "DELETE", query);
      const target = signed.target.replace("a%2Bb", "c");
      assertRefused(await send(emulator.endpoint, { ...signed, target }), "SignatureDoesNotMatch");
      const longer = `${signed.target}&space`;
      const reply = await send(emulator.endpoint, { ...signed, target: longer });
      assertRefused(reply, "SignatureDoesNotMatch");
      assert.ok(emulator.cluster.user("a+b@example.com"));
    });

    it("refuses a signature by another secret", async () => {
      const credentials = { ...emulator.credentials, secretAccessKey: "x".repeat(40) };
      const reply = await send(
        emulator.endpoint,
        await signV4(emulator, "GET", query, { credentials }),
      );
      assertRefused(reply, "SignatureDoesNotMatch");
      assert.match(
        reply.body,
        /<CanonicalRequest>GET\n\/\nemailAddress=a%2Bb%40example.com&amp;ostor/,
      );
      assert.ok(!reply.body.includes(emulator.credentials.secretAccessKey));
    });

    it("refuses a date that was changed after signing", async () => {
      const signed = await signV4(emulator, "GET", query);
      const now = signed.headers?.["x-amz-date"] ?? "";
      const date = now.replace(/\d\dZ$/, (end) => (end === "00Z" ? "01Z" : "00Z"));
      const headers = { ...signed.headers, "x-amz-date": date };
      assertRefused(await send(emulator.endpoint, { ...signed, headers }), "SignatureDoesNotMatch");
    });

    it("refuses a date that is 16 minutes off", async () => {
      const signingDate = new Date(Date.now() + 16 * 60_000);
      const reply = await send(
        emulator.endpoint,
        await signV4(emulator, "GET", query, { signingDate }),
      );
      assertRefused(reply, "RequestTimeTooSkewed");
    });

    it("refuses a body that was changed after signing", async () => {
      const multi = { "ostor-buckets": "", multi: "" };
      const signed = await signV4(emulator, "GET", multi, { body: '["a"]' });
      assert.equal((await send(emulator.endpoint, signed)).status, 200);
      const reply = await send(emulator.endpoint, { ...signed, body: '["b"]' });
      assertRefused(reply, "XAmzContentSHA256Mismatch", 400);
    });

    it("accepts a presigned address, until it expires or is changed", async () => {
      const { hostname, port, host } = new URL(emulator.endpoint);
      const signer = new SignatureV4({
        credentials: emulator.credentials,
        ...{ region: "us-east-1", service: "s3", sha256: Sha256, uriEscapePath: false },
      });
      const presign = async (signingDate: Date) => {
        const address = { protocol: "http:", hostname, port: Number(port), path: "/" };
        const headers = { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
        const signed = await signer.presign(
          { ...address, method: "GET", query: { "ostor-users": "" }, headers },
          { expiresIn: 60, signingDate, unsignableHeaders: new Set() },
        );
        const tokens = Object.entries(signed.query ?? {});
        return `/?${tokens.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}`;
      };
      const get = (target: string) => send(emulator.endpoint, { method: "GET", target });
      const target = await presign(new Date());
      assert.equal((await get(target)).status, 200);
      assertRefused(await get(`${target}&space`), "SignatureDoesNotMatch");
      assertRefused(await get(await presign(new Date(Date.now() - 61_000))), "AccessDenied");
    });

    it("refuses chunked signing as not implemented", async () => {
      const signed = await signV4(emulator, "GET", query);
      const hash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
      const headers = { ...signed.headers, "x-amz-content-sha256": hash };
      assertRefused(await send(emulator.endpoint, { ...signed, headers }), "NotImplemented", 501);
    });
  });

  it("refuses unsigned requests", async () => {
    const reply = await send(emulator.endpoint, { method: "GET", target: "/?ostor-users" });
    assertRefused(reply, "AccessDenied");
  });

  it("refuses an unknown key", async () => {
    const credentials = { accessKeyId: "NOBODY", secretAccessKey: "x" };
    assertRefused(await list({ credentials }), "InvalidAccessKeyId");
  });

  it("refuses management calls by a tenant", async () => {
    const credentials = emulator.cluster.createUser("tenant@example.com").accessKeys[0];
    assert.ok(credentials);
    assertRefused(await list({ credentials }), "AccessDenied");
  });

  it("refuses the old key of the administrator after its rotation", async () => {
    await withEmulator({}, async (own) => {
      const old = own.credentials;
      own.setCredentials({ accessKeyId: "NEW", secretAccessKey: "secret" });
      const refused = await s3Curl(own, "GET", "ostor-users", { credentials: old });
      assertRefused(refused, "InvalidAccessKeyId");
      assert.equal((await s3Curl(own, "GET", "ostor-users")).status, 200);
      assert.deepEqual(own.credentials, { accessKeyId: "NEW", secretAccessKey: "secret" });
    });
  });

  it("refuses a version that is not accepted", async () => {
    await withEmulator({ assumptions: { signatureVersions: ["v2"] } }, async (own) => {
      const v4 = await send(own.endpoint, await signV4(own, "GET", { "ostor-users": "" }));
      assertRefused(v4, "SignatureDoesNotMatch");
      assert.equal((await s3Curl(own, "GET", "ostor-users")).status, 200);
    });
    const assumptions: Partial<Assumptions> = {
      signatureVersions: ["v4"],
      unsupportedSignatureCode: "InvalidRequest",
    };
    await withEmulator({ assumptions }, async (own) => {
      assertRefused(await s3Curl(own, "GET", "ostor-users"), "InvalidRequest", 400);
      assert.deepEqual(
        own.requests.map(({ signatureVersion }) => signatureVersion),
        ["v2"],
      );
    });
  });
});
