import assert from "node:assert/strict";

import { createEmulator, type Emulator } from "../../../emulator";
import { s3Curl } from "../client";
import { withEmulator } from "../withEmulator";

describe("parameters of the management API", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser("a@example.com");
  });
  afterEach(() => emulator.stop());

  const who = "emailAddress=a@example.com";
  const wrong: [string, string][] = [
    ["GET", `ostor-users&${who}&id=1`],
    ["GET", `ostor-users&${who}&${who}`],
    ["GET", "ostor-users&emailAddress="],
    ["PUT", "ostor-users"],
    ["PUT", `ostor-users&emailAddress=b@example.com&id=1`],
    ["PUT", `ostor-users&emailAddress=b@example.com&disable`],
    ["POST", `ostor-users&${who}`],
    ["POST", "ostor-users&genKey"],
    ["POST", "ostor-users&id=1&genKey"],
    ["POST", `ostor-users&${who}&genKey&revokeKey=K`],
    ["POST", `ostor-users&${who}&enable&disable`],
    ["POST", `ostor-users&${who}&disable&genKey`],
    ["POST", `ostor-users&${who}&revokeKey`],
    ["DELETE", "ostor-users"],
    ["DELETE", `ostor-users&${who}&id=1`],
    ["GET", `ostor-buckets&${who}&id=1`],
    ["GET", `ostor-buckets&${who}&bucket=b`],
    ["GET", "ostor-buckets&bucket=b&multi"],
    ["GET", "ostor-unheard-of"],
  ];
  for (const [method, query] of wrong) {
    it(`returns 400 for ${method} ${query}`, async () => {
      const before = emulator.cluster.users();
      const reply = await s3Curl(emulator, method, query);
      assert.equal(reply.status, 400, reply.body);
      assert.equal(reply.headers["x-amz-err-code"], "InvalidArgument");
      assert.deepEqual(emulator.cluster.users(), before);
    });
  }

  it("ignores unknown parameters", async () => {
    const reply = await s3Curl(emulator, "GET", `ostor-users&${who}&storage_class=DEFAULT`);
    assert.equal(reply.status, 200);
  });

  it("returns 405 for unknown verbs of a service", async () => {
    assert.equal((await s3Curl(emulator, "PATCH", "ostor-users")).status, 405);
    assert.equal((await s3Curl(emulator, "DELETE", "ostor-buckets")).status, 405);
  });

  it("returns 501 for services and parameters that are not emulated", async () => {
    for (const query of ["ostor-limits", "ostor-quotas", "ostor-usage", "ostor-accounts"]) {
      assert.equal((await s3Curl(emulator, "GET", query)).status, 501);
    }
    const account = `ostor-users&${who}&accountName=x&genKey`;
    assert.equal((await s3Curl(emulator, "POST", account)).status, 501);
  });

  it("treats a bare plus as a plus, or as a space", async () => {
    const query = "ostor-users&emailAddress=a+b@example.com";
    await s3Curl(emulator, "PUT", query);
    assert.ok(emulator.cluster.user("a+b@example.com"));
    await withEmulator({ assumptions: { plusIsSpace: true } }, async (own) => {
      assert.equal((await s3Curl(own, "PUT", query)).status, 400);
    });
  });

  it("returns errors only as JSON or only in headers with errorFormat", async () => {
    const formats: ["json" | "headers", string, string | undefined][] = [
      [
        "json",
        '{"code":"NoSuchUser","message":"The user x@example.com does not exist"}',
        undefined,
      ],
      ["headers", "", "The user x@example.com does not exist"],
    ];
    for (const [errorFormat, body, header] of formats) {
      await withEmulator({ assumptions: { errorFormat } }, async (own) => {
        const reply = await s3Curl(own, "GET", "ostor-users&emailAddress=x@example.com");
        assert.equal(reply.status, 404);
        assert.equal(reply.body, body);
        assert.equal(reply.headers["x-amz-err-message"], header);
      });
    }
  });
});
