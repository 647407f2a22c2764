// @ts-check
// The steps of an owner with minio for JavaScript. Arguments: the folder of its node_modules, and "basics" or "parts".
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

const [folder = "", story = ""] = process.argv.slice(2);
const { Client, CopyConditions } = createRequire(join(folder, "package.json"))("minio");
const { hostname, port } = new URL(process.env["OSTOR_STORY_ENDPOINT"] ?? "");
const client = new Client({
  ...{ endPoint: hostname, port: Number(port), useSSL: true, region: "us-east-1" },
  accessKey: process.env["AWS_ACCESS_KEY_ID"],
  secretKey: process.env["AWS_SECRET_ACCESS_KEY"],
  partSize: 5 * 1024 * 1024,
});
const keys = ["a/%2F&=?.txt", "a/ü +x.txt", "b"];

async function basics() {
  for (const key of keys) {
    await client.putObject("inventory", key, Buffer.from(key));
    assert.equal((await buffer(await client.getObject("inventory", key))).toString(), key);
    assert.equal((await client.statObject("inventory", key)).size, Buffer.byteLength(key));
  }
}

async function parts() {
  const body = randomBytes(11 * 1024 * 1024);
  await client.putObject("inventory", "body", Readable.from([body]), body.length);
  assert.deepEqual(await buffer(await client.getObject("inventory", "body")), body);
  const some = await client.getPartialObject("inventory", "body", 5, 5);
  assert.deepEqual(await buffer(some), body.subarray(5, 10));
  await client.copyObject("inventory", "copy", "/inventory/body", new CopyConditions());
  assert.deepEqual(await buffer(await client.getObject("inventory", "copy")), body);
}

await client.makeBucket("inventory");
await (story === "parts" ? parts() : basics());
/** @type {string[]} */
const found = [];
for await (const { name } of client.listObjectsV2("inventory", "", true)) found.push(name);
assert.deepEqual(found.sort(), story === "parts" ? ["body", "copy"] : keys);
await client.removeObjects("inventory", found);
await client.removeBucket("inventory");
console.log("done");
