// @ts-check
// The steps of an owner with the AWS SDK for JavaScript. Argument: "basics" or "parts".
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";

import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

const story = process.argv[2] ?? "";
const Bucket = "inventory";
const client = new S3Client({
  endpoint: process.env["OSTOR_STORY_ENDPOINT"] ?? "",
  region: "us-east-1",
  forcePathStyle: true,
  requestChecksumCalculation: "WHEN_REQUIRED",
});
const keys = ["a/%2F&=?.txt", "a/ü +x.txt", "b"];

/** @param {string} Key @param {string} [Range] */
async function read(Key, Range) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

async function basics() {
  for (const Key of keys) {
    const Body = Readable.from([Buffer.from(Key)]);
    const ContentLength = Buffer.byteLength(Key);
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength }));
    assert.equal((await read(Key)).toString(), Key);
  }
}

async function parts() {
  const body = randomBytes(6 * 1024 * 1024);
  const Key = "body";
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const pieces = [body.subarray(0, 5 * 1024 * 1024), body.subarray(5 * 1024 * 1024)];
  const Parts = [];
  for (const [index, Body] of pieces.entries()) {
    const which = { Bucket, Key, UploadId, PartNumber: index + 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...which, Body }));
    Parts.push({ ETag, PartNumber: index + 1 });
  }
  const whole = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
  await client.send(new CompleteMultipartUploadCommand(whole));
  assert.deepEqual(await read(Key), body);
  assert.deepEqual(await read(Key, "bytes=5-9"), body.subarray(5, 10));
  await client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: "inventory/body" }));
  assert.deepEqual(await read("copy"), body);
}

await client.send(new CreateBucketCommand({ Bucket }));
await (story === "parts" ? parts() : basics());
const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
const found = Contents.map(({ Key }) => Key ?? "");
assert.deepEqual(found, story === "parts" ? ["body", "copy"] : keys);
const Objects = found.map((Key) => ({ Key }));
await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
await client.send(new DeleteBucketCommand({ Bucket }));
console.log("done");
