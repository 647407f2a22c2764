import assert from "node:assert/strict";

import { createEmulator, type AccessKey, type Emulator } from "../../../emulator";
import { readCommandLine } from "../../../emulator/commandLine";
import { hostMeaning } from "../../../emulator/http/hosts";
import { firstKey } from "../client";
import { type RawRequest, sendV2, sendV4 } from "./signed";

const address = "anna@example.com";

describe("virtual-host style", () => {
  let emulator: Emulator;
  let key: AccessKey;
  const buckets = () => emulator.cluster.buckets().map(({ name, objects }) => [name, objects]);

  beforeEach(async () => {
    emulator = createEmulator({ hostNames: ["S3.example.com"] });
    await emulator.start();
    emulator.cluster.createUser(address);
    key = firstKey(emulator, address);
  });
  afterEach(() => emulator.stop());

  const versions = {
    "Version 2": (request: RawRequest, resource: string) =>
      sendV2(emulator, key, { ...request, resource }),
    "Version 4": (request: RawRequest) => sendV4(emulator, key, request),
  };
  const hosts = ["pail.localhost", "Pail.LOCALHOST:8080", "pail.s3.example.com", "pail.127.0.0.1"];
  for (const [version, ask] of Object.entries(versions)) {
    for (const host of hosts) {
      it(`creates, fills, lists and deletes a bucket at ${host}, signed with ${version}`, async () => {
        const call = (method: string, target: string, body?: string) =>
          ask({ method, target, host, ...(body !== undefined && { body }) }, `/pail${target}`);
        assert.equal((await call("PUT", "/")).status, 200);
        assert.equal((await call("PUT", "/notes", "text")).status, 200);
        assert.deepEqual(buckets(), [["pail", [{ key: "notes", size: 4 }]]]);
        assert.match((await call("GET", "/")).body, /<Name>pail<.*<Key>notes</);
        assert.equal((await call("GET", "/notes")).body, "text");
        assert.equal((await call("DELETE", "/")).status, 409);
        assert.equal((await call("DELETE", "/notes")).status, 204);
        assert.deepEqual(buckets(), [["pail", []]]);
        assert.equal((await call("DELETE", "/")).status, 204);
        assert.deepEqual(buckets(), []);
      });
    }
  }

  it("accepts subresources of the bucket, and dots in its name", async () => {
    emulator.cluster.createBucket("a.b", address);
    const host = "a.b.localhost";
    const uploads = { method: "GET", target: "/?uploads", host };
    const reply = await sendV2(emulator, key, { ...uploads, resource: "/a.b/?uploads" });
    assert.match(reply.body, /<ListMultipartUploadsResult.*<Bucket>a\.b</s);
  });

  it("uses the host of a whole address, as proxies send it", async () => {
    emulator.cluster.createBucket("pail", address);
    const target = "http://pail.localhost/notes";
    const request = { method: "PUT", target, host: "pail.localhost", resource: "/pail/notes" };
    assert.equal((await sendV2(emulator, key, request)).status, 200);
    assert.deepEqual(buckets(), [["pail", [{ key: "notes", size: 0 }]]]);
  });

  for (const host of ["127.0.0.1:9", "localhost", "s3.example.com:80", "ostor", "[::1]:80"]) {
    it(`keeps path style at ${host}`, async () => {
      const request = { method: "PUT", target: "/notes", host };
      assert.equal((await sendV4(emulator, key, request)).status, 200);
      assert.deepEqual(buckets(), [["notes", []]]);
    });
  }

  for (const host of ["pail.elsewhere.example", "files.internal:8080", ".localhost"]) {
    it(`refuses ${host}, which is unclear, and names the option`, async () => {
      emulator.cluster.createBucket("notes", address);
      for (const method of ["PUT", "GET", "DELETE"]) {
        const reply = await sendV4(emulator, key, { method, target: "/notes", host });
        assert.equal(reply.status, 400);
        assert.match(reply.body, /InvalidRequest.*--host-name.*hostNames/s);
      }
      assert.deepEqual(buckets(), [["notes", []]]);
    });
  }

  it("names the option if the host may be a name of the emulator", async () => {
    const request = { method: "PUT", target: "/pail/notes", host: "storage.localhost" };
    const reply = await sendV4(emulator, key, request);
    assert.equal(reply.status, 404);
    assert.match(reply.body, /bucket storage, which the host.* does not exist.*--host-name/);
  });

  it("does not change management calls, whatever the host", async () => {
    for (const host of ["pail.elsewhere.example", "pail.localhost", "localhost"]) {
      const request = { method: "GET", target: "/?ostor-users", host, resource: "/?ostor-users" };
      assert.equal((await sendV2(emulator, emulator.credentials, request)).status, 200);
    }
  });

  it("reads its names from the command line", () => {
    const words = ["--host-name", "s3.example.com", "--host-name", "ostor"];
    const read = readCommandLine(words);
    assert.deepEqual("options" in read && read.options.hostNames, ["s3.example.com", "ostor"]);
  });

  for (const name of ["s3.example.com:80", "http://s3.example.com", "*.example.com", ""]) {
    it(`refuses ${JSON.stringify(name)} as a host name`, () => {
      assert.throws(() => createEmulator({ hostNames: [name] }), /^TypeError: hostNames takes/);
    });
  }
});

describe("hostMeaning", () => {
  it("uses the longest name of the emulator", () => {
    const names = ["example.com", "s3.example.com"];
    const bucket = (name: string) => ({ kind: "bucket", bucket: name });
    assert.deepEqual(hostMeaning("a.s3.example.com", names), bucket("a"));
    assert.deepEqual(hostMeaning("a.b.example.com.", names), bucket("a.b"));
    assert.deepEqual(hostMeaning("s3.example.com", names), { kind: "own" });
    assert.deepEqual(hostMeaning(undefined, names), { kind: "own" });
    assert.equal(hostMeaning("notexample.com", names).kind, "unknown");
  });
});
