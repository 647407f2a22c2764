import assert from "node:assert/strict";

import { createEmulator, type Emulator } from "../../../emulator";
import { type Reply, s3Curl } from "../client";
import { withEmulator } from "../withEmulator";

const hourMs = 3_600_000;
// 2018-05-25T17:12Z, hour 424241 since 1970, as in the sample of the vendor guide 3.2.9.
const start = Date.UTC(2018, 4, 25, 17, 12);

function bucketsIn(reply: Reply): Record<string, unknown>[] {
  assert.equal(reply.status, 200, reply.body);
  return (JSON.parse(reply.body) as { Buckets: Record<string, unknown>[] }).Buckets;
}

describe("buckets of the management API", () => {
  let now: number;
  let emulator: Emulator;
  beforeEach(async () => {
    now = start;
    emulator = createEmulator({ clock: () => now });
    await emulator.start();
    for (const name of ["anna", "bob"]) emulator.cluster.createUser(`${name}@example.com`);
    emulator.cluster.createBucket("anna-1", "anna@example.com");
    emulator.cluster.createBucket("anna-2", "anna@example.com");
    emulator.cluster.createBucket("bob-1", "bob@example.com");
  });
  afterEach(() => emulator.stop());

  const call = (query: string, body?: string) =>
    s3Curl(emulator, "GET", query, {
      date: new Date(now).toUTCString(),
      ...(body !== undefined && { body }),
    });
  const names = async (query: string, body?: string) =>
    bucketsIn(await call(query, body)).map(({ name }) => name);

  it("lists all buckets, those of a user by address and id, one, and several", async () => {
    const anna = emulator.cluster.user("anna@example.com");
    assert.deepEqual(await names("ostor-buckets"), ["anna-1", "anna-2", "bob-1"]);
    assert.deepEqual(await names("ostor-buckets&emailAddress=anna@example.com"), [
      "anna-1",
      "anna-2",
    ]);
    assert.deepEqual(await names(`ostor-buckets&id=${anna?.userId ?? ""}`), ["anna-1", "anna-2"]);
    assert.deepEqual(await names("ostor-buckets&bucket=bob-1"), ["bob-1"]);
    const some = JSON.stringify(["bob-1", "anna-2", "nobody"]);
    assert.deepEqual(await names("ostor-buckets&multi", some), ["anna-2", "bob-1"]);
  });

  it("returns 404 for a missing bucket, 400 for a body that is not a list of names", async () => {
    assert.equal((await call("ostor-buckets&bucket=missing")).status, 404);
    for (const body of ["", "{", '"bob-1"', "{}"]) {
      assert.equal((await call("ostor-buckets&multi", body)).status, 400, body);
    }
  });

  it("returns empty lists for missing buckets and owners with missingIsEmptyList", async () => {
    await withEmulator({ assumptions: { missingIsEmptyList: true } }, async (own) => {
      for (const query of ["bucket=missing", "emailAddress=x@example.com", "id=1"]) {
        assert.deepEqual(bucketsIn(await s3Curl(own, "GET", `ostor-buckets&${query}`)), []);
      }
    });
  });

  it("counts byte-hours up to the request, as in the samples of the vendor", async () => {
    emulator.cluster.putObject("anna-1", "a", "x".repeat(12_288));
    now = Date.UTC(2018, 5, 19, 16, 30);
    assert.deepEqual(bucketsIn(await call("ostor-buckets&bucket=anna-1")), [
      {
        name: "anna-1",
        epoch: 0,
        creation_date: "2018-05-25T17:12:00.000Z",
        owner_id: emulator.cluster.user("anna@example.com")?.userId,
        size: { current: 12_288, hmax: 12_288, h_integral: 7_360_512, last_ts: 424_241 },
      },
    ]);
  });

  it("counts a change of size from its hour on", async () => {
    const size = async () => bucketsIn(await call("ostor-buckets&bucket=bob-1"))[0]?.["size"];
    emulator.cluster.putObject("bob-1", "a", "12345");
    now += 2 * hourMs;
    emulator.cluster.putObject("bob-1", "b", "123");
    now += hourMs;
    emulator.cluster.deleteObject("bob-1", "a");
    assert.deepEqual(await size(), { current: 3, hmax: 8, h_integral: 18, last_ts: 424_244 });
    now += 10 * hourMs;
    assert.deepEqual(await size(), { current: 3, hmax: 8, h_integral: 48, last_ts: 424_244 });
  });

  it("adds up the sizes of a user's buckets on demand", async () => {
    emulator.cluster.putObject("anna-1", "a", "12345");
    now += hourMs;
    emulator.cluster.putObject("anna-2", "a", "12");
    now += hourMs;
    const users = JSON.parse((await call("ostor-users&space")).body) as Record<string, unknown>[];
    const anna = users.find(({ UserEmail }) => UserEmail === "anna@example.com");
    assert.deepEqual(anna?.["SpaceStat"], {
      LastTs: 424_242,
      SizeCurr: 7,
      SizeHMax: 7,
      SizeHInt: 12,
    });
    const plain = JSON.parse((await call("ostor-users")).body) as object[];
    assert.ok(plain.every((user) => !("SpaceStat" in user)));
  });
});
