import assert from "node:assert/strict";

import { type AccessKey, createEmulator, type Emulator } from "../../../emulator";
import { firstKey, type Reply, s3Curl } from "../client";
import { withEmulator } from "../withEmulator";

const address = "client@example.com";
const query = `ostor-users&emailAddress=${address}`;

function keysIn(reply: Reply): AccessKey[] {
  const { AWSAccessKeys } = JSON.parse(reply.body) as { AWSAccessKeys: Record<string, string>[] };
  return AWSAccessKeys.map((key) => ({
    accessKeyId: key["AWSAccessKeyId"] ?? "",
    secretAccessKey: key["AWSSecretAccessKey"] ?? "",
  }));
}

describe("keys of the management API", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
  });
  afterEach(() => emulator.stop());
  const call = (action: string) => s3Curl(emulator, "POST", `${query}&${action}`);
  const keys = () => emulator.cluster.user(address)?.accessKeys ?? [];

  it("generates a second key and returns only that one", async () => {
    const first = firstKey(emulator, address);
    const reply = await call("genKey");
    assert.equal(reply.status, 200);
    const [generated, ...others] = keysIn(reply);
    assert.deepEqual(others, []);
    assert.deepEqual(keys(), [first, generated]);
    assert.notEqual(generated?.accessKeyId, first.accessKeyId);
  });

  it("refuses a third key and changes nothing", async () => {
    await call("genKey");
    const before = keys();
    const reply = await call("genKey");
    assert.equal(reply.status, 409);
    assert.equal(reply.headers["x-amz-err-code"], "KeyLimitExceeded");
    assert.deepEqual(keys(), before);
  });

  it("revokes one key, then the last", async () => {
    const first = firstKey(emulator, address);
    const second = emulator.cluster.generateKey(address);
    const reply = await call(`revokeKey=${first.accessKeyId}`);
    assert.equal(reply.status, 200);
    assert.equal(reply.body, "");
    assert.deepEqual(keys(), [second]);
    await call(`revokeKey=${second.accessKeyId}`);
    assert.deepEqual(keys(), []);
  });

  it("never generates the id of a revoked key again", async () => {
    const first = firstKey(emulator, address);
    emulator.cluster.revokeKey(first.accessKeyId);
    const [generated] = keysIn(await call("genKey"));
    assert.notEqual(generated?.accessKeyId, first.accessKeyId);
  });

  it("returns 404 for an unknown key and for a key of another user", async () => {
    emulator.cluster.createUser("other@example.com");
    const other = firstKey(emulator, "other@example.com");
    for (const id of ["UNKNOWN", other.accessKeyId]) {
      assert.equal((await call(`revokeKey=${id}`)).status, 404);
    }
    assert.deepEqual(firstKey(emulator, "other@example.com"), other);
  });

  it("generates and revokes keys of a disabled user", async () => {
    emulator.cluster.setUserState(address, "disabled");
    const [generated] = keysIn(await call("genKey"));
    assert.equal((await call(`revokeKey=${generated?.accessKeyId ?? ""}`)).status, 200);
  });

  it("refuses PUT with genKey, because later releases use PUT for creation", async () => {
    const reply = await s3Curl(emulator, "PUT", `${query}&genKey`);
    assert.equal(reply.status, 400);
    assert.equal(keys().length, 1);
  });

  describe("under other assumptions", () => {
    it("returns all keys, also by PUT", async () => {
      const assumptions = { genKeyReply: "all", keysByPut: true, revokeStatus: 204 } as const;
      await withEmulator({ assumptions }, async (own) => {
        own.cluster.createUser(address);
        const generated = await s3Curl(own, "PUT", `${query}&genKey`);
        assert.deepEqual(keysIn(generated), own.cluster.user(address)?.accessKeys);
        assert.equal(keysIn(generated).length, 2);
        const id = firstKey(own, address).accessKeyId;
        assert.equal((await s3Curl(own, "PUT", `${query}&revokeKey=${id}`)).status, 204);
        const operations = own.requests.map(({ operation }) => operation);
        assert.deepEqual(operations, ["generateKey", "revokeKey"]);
      });
    });

    it("keeps the last key, refuses changes of a disabled user's keys, and uses the given statuses", async () => {
      const switches = { lastKeyRevocable: false, keysInDisabledUser: false };
      const assumptions = { ...switches, thirdKeyStatus: 400, unknownKeyStatus: 400 };
      await withEmulator({ assumptions }, async (own) => {
        own.cluster.createUser(address);
        const post = (action: string) => s3Curl(own, "POST", `${query}&${action}`);
        const last = await post(`revokeKey=${firstKey(own, address).accessKeyId}`);
        assert.equal(last.headers["x-amz-err-code"], "LastKey");
        assert.equal((await post("revokeKey=UNKNOWN")).status, 400);
        own.cluster.generateKey(address);
        assert.equal((await post("genKey")).status, 400);
        own.cluster.setUserState(address, "disabled");
        const disabled = await post(`revokeKey=${firstKey(own, address).accessKeyId}`);
        assert.equal(disabled.headers["x-amz-err-code"], "UserDisabled");
      });
    });
  });
});
