import assert from "node:assert/strict";
import { connect } from "node:net";

import { createEmulator, type Emulator, type Profile } from "../../../emulator";
import { firstKey, s3Curl, v2Authorization, zonedDate } from "../client";
import { withEmulator } from "../withEmulator";

const address = "client@example.com";
const who = `emailAddress=${address}`;
const profiles: Profile[] = ["seed", "acronis-2", "vhi-7"];

/** Requests of clients that were used with live clusters, and the expected responses. */
describe("requests of known clients", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
    emulator.cluster.createUser("other@example.com");
    emulator.cluster.createBucket("one", address);
    emulator.cluster.createBucket("two", "other@example.com");
  });
  afterEach(() => emulator.stop());

  const bucketNames = async (query: string) => {
    const reply = await s3Curl(emulator, "GET", `ostor-buckets${query}`);
    assert.equal(reply.status, 200, reply.body);
    assert.match(String(reply.headers["content-type"]), /json/);
    const { Buckets } = JSON.parse(reply.body) as { Buckets: { name: string }[] };
    return Buckets.map(({ name }) => name);
  };

  it("an empty address lists the buckets of all users", async () => {
    assert.deepEqual(await bucketNames("&emailAddress="), ["one", "two"]);
    assert.deepEqual(await bucketNames("&emailAddress"), ["one", "two"]);
    assert.deepEqual(await bucketNames("&emailAddress=&storage_class=DEFAULT"), ["one", "two"]);
    const both = await s3Curl(emulator, "GET", "ostor-buckets&emailAddress=&id=1");
    assert.equal(both.status, 400);
  });

  it("an empty address is unknown in calls for users", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const reply = await s3Curl(emulator, method, "ostor-users&emailAddress=");
      assert.equal(reply.status, 400, method);
    }
  });

  for (const flag of ["disable", "disable=", "disable=true"]) {
    it(`the flag ${flag} disables, before and after the address`, async () => {
      for (const query of [`${who}&${flag}`, `${flag}&${who}`]) {
        emulator.cluster.setUserState(address, "enabled");
        assert.equal((await s3Curl(emulator, "POST", `ostor-users&${query}`)).status, 200);
        assert.equal(emulator.cluster.user(address)?.state, "disabled");
      }
    });
  }

  for (const flag of ["genKey", "genKey="]) {
    it(`the flag ${flag} generates a key`, async () => {
      assert.equal((await s3Curl(emulator, "POST", `ostor-users&${who}&${flag}`)).status, 200);
      assert.equal(emulator.cluster.user(address)?.accessKeys.length, 2);
    });
  }

  for (const flag of ["space", "space="]) {
    it(`the flag ${flag} lists users with the space they use`, async () => {
      assert.match((await s3Curl(emulator, "GET", `ostor-users&${flag}`)).body, /SpaceStat/);
    });
  }

  it("an address is the same raw and escaped, also with a plus", async () => {
    for (const text of ["a+b@example.com", "c%2Bd%40example.com", "e+f%40example.com"]) {
      assert.equal((await s3Curl(emulator, "PUT", `ostor-users&emailAddress=${text}`)).status, 200);
    }
    const created = emulator.cluster.users().map(({ emailAddress }) => emailAddress);
    assert.deepEqual(created.slice(2), ["a+b@example.com", "c+d@example.com", "e+f@example.com"]);
  });

  it("a PUT with neither a length nor an encoding has no body", async () => {
    const date = zonedDate(Date.now());
    const lines = [
      "PUT /?ostor-users&emailAddress=new@example.com HTTP/1.1",
      ...["Host: x", "Accept: */*", "Connection: close", `Date: ${date}`],
      `Authorization: ${v2Authorization(emulator.credentials, `PUT\n\n\n${date}\n/?ostor-users`)}`,
    ];
    const socket = connect(Number(new URL(emulator.endpoint).port), "127.0.0.1");
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const answer: string[] = [];
    for await (const piece of socket) answer.push(String(piece));
    assert.match(answer.join(""), /^HTTP\/1\.1 200 /);
    assert.ok(emulator.cluster.user("new@example.com"));
  });

  for (const profile of profiles) {
    it(`keys are generated and revoked by POST as ${profile}`, async () => {
      await withEmulator({ profile }, async (own) => {
        own.cluster.createUser(address);
        const { accessKeyId } = firstKey(own, address);
        const post = (action: string) => s3Curl(own, "POST", `ostor-users&${who}&${action}`);
        assert.equal((await post("genKey")).status, 200);
        assert.equal((await post(`revokeKey=${accessKeyId}`)).status, 200);
        assert.equal(own.cluster.user(address)?.accessKeys.length, 1);
      });
    });

    const [flags, deleted] = {
      seed: [false, 204],
      "acronis-2": [false, 403],
      "vhi-7": [true, 403],
    }[profile] as [boolean, number];
    it(`lists ${flags ? "" : "no "}flags, and returns ${deleted} for DELETE /data of the system user as ${profile}`, async () => {
      await withEmulator({ profile }, async (own) => {
        own.cluster.createUser(address);
        own.cluster.createBucket("data", address);
        const list = await s3Curl(own, "GET", "ostor-users");
        assert.ok(list.body.includes("admin@ostor.example"));
        assert.equal(list.body.includes('"Flags"'), flags);
        const reply = await s3Curl(own, "DELETE", "", { resource: "/data" });
        assert.equal(reply.status, deleted, reply.body);
      });
    });
  }
});
