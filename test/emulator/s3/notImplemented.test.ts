import assert from "node:assert/strict";

import { firstKey } from "../client";
import { type Stage, startStage } from "./owner";
import { sendV4 } from "./signed";

describe("an S3 call that is not implemented", () => {
  let stage: Stage;
  before(async () => {
    stage = await startStage();
    stage.emulator.cluster.putObject("data", "key", "text");
  });
  after(async () => {
    const [bucket] = stage.emulator.cluster.buckets();
    assert.deepEqual(bucket?.objects, [{ key: "key", size: 4 }], "nothing was carried out");
    await stage.close();
  });

  const ask = (method: string, target: string, headers: Record<string, string> = {}) => {
    const key = firstKey(stage.emulator, "anna@example.com");
    return sendV4(stage.emulator, key, { method, target, headers });
  };

  const operations: [string, string, string][] = [
    ["PUT", "/data/key?tagging", "PutObjectTagging"],
    ["GET", "/data?tagging", "GetBucketTagging"],
    ["DELETE", "/data?cors", "DeleteBucketCors"],
    ["PUT", "/data?policy", "PutBucketPolicy"],
    ["DELETE", "/data/key?tagging", "DeleteObjectTagging"],
    ["PUT", "/data?object-lock", "PutObjectLockConfiguration"],
    ["PUT", "/data/key?retention", "PutObjectRetention"],
    ["GET", "/data/key?attributes", "GetObjectAttributes"],
    ["POST", "/data/key?restore", "RestoreObject"],
    ["POST", "/data/key?select&select-type=2", "SelectObjectContent"],
    ["PUT", "/data/key?renameObject", "RenameObject"],
    ["PUT", "/data/key?partNumber=1", "this S3 call"],
    ["DELETE", "/data/key?uploads", "this S3 call"],
    ["DELETE", "/data/key?versioning", "this S3 call"],
    ["DELETE", "/data?uploadId=1", "this S3 call"],
    ["DELETE", "/data?acl", "this S3 call"],
    ["POST", "/data", "this S3 call"],
    ["GET", "/?versions", "this S3 call"],
  ];
  for (const [method, target, name] of operations) {
    it(`returns 501 with its name: ${method} ${target}`, async () => {
      const { status, body } = await ask(method, target);
      assert.equal(status, 501);
      const message = `does not implement ${name} (${method} ${target.replaceAll("&", "&amp;")})`;
      assert.ok(body.includes(message), body);
      assert.equal(stage.emulator.requests.at(-1)?.operation, "s3:NotImplemented");
    });
  }

  const headers = [
    ...["server-side-encryption", "server-side-encryption-customer-algorithm", "tagging"],
    ...["object-lock-mode", "website-redirect-location", "grant-read"],
  ];
  for (const name of headers) {
    it(`returns 501 for x-amz-${name}, which must not be ignored`, async () => {
      const { status, body } = await ask("PUT", "/data/new", { [`x-amz-${name}`]: "x" });
      assert.equal(status, 501);
      assert.match(body, new RegExp(`PutObject with the header x-amz-${name}<`));
    });
  }
});
