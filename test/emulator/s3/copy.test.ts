import assert from "node:assert/strict";

import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";

import { firstKey } from "../client";
import { type Stage, startStage } from "./owner";
import { sendV2 } from "./signed";

const Bucket = "data";
const source = "a b/ü+?&%2F.txt";
const encoded = `/${Bucket}/${encodeURIComponent(source)}`;

describe("copies", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
    stage.emulator.cluster.createBucket("archive", "anna@example.com");
    await stage.anna.send(
      new PutObjectCommand({
        ...{ Bucket, Key: source, Body: "text", ContentType: "text/x", CacheControl: "no-store" },
        Metadata: { colour: "blue" },
      }),
    );
  });
  afterEach(() => stage.close());

  const copy = (input: Partial<CopyObjectCommandInput>) =>
    stage.anna.send(
      new CopyObjectCommand({ Bucket: "archive", Key: "copy", CopySource: encoded, ...input }),
    );
  const head = (input = { Bucket: "archive", Key: "copy" }) =>
    stage.anna.send(new HeadObjectCommand(input));

  it("work within a bucket and across buckets, with metadata", async () => {
    for (const bucket of [Bucket, "archive"]) {
      const { CopyObjectResult } = await copy({ Bucket: bucket, Key: "copy" });
      const answer = await stage.anna.send(new GetObjectCommand({ Bucket: bucket, Key: "copy" }));
      assert.equal(await answer.Body?.transformToString(), "text");
      assert.equal(answer.ETag, CopyObjectResult?.ETag);
      const kept = [answer.ContentType, answer.CacheControl, answer.Metadata];
      assert.deepEqual(kept, ["text/x", "no-store", { colour: "blue" }]);
    }
  });

  it("replace metadata on demand, and refuse other directives", async () => {
    const news = { ContentType: "text/y", Metadata: { shape: "round" } };
    await copy({ ...news, MetadataDirective: "COPY" });
    assert.deepEqual((await head()).Metadata, { colour: "blue" });
    await copy({ ...news, MetadataDirective: "REPLACE" });
    const { ContentType, CacheControl, Metadata } = await head();
    assert.deepEqual([ContentType, CacheControl, Metadata], ["text/y", undefined, news.Metadata]);
    const wrong = { MetadataDirective: "MERGE" as "COPY" };
    await assert.rejects(copy(wrong), { name: "InvalidArgument" });
  });

  it("onto the object itself must change something", async () => {
    const itself = { Bucket, Key: source };
    await assert.rejects(copy(itself), { name: "InvalidRequest" });
    await copy({ ...itself, MetadataDirective: "REPLACE", Metadata: { a: "b" } });
    assert.deepEqual((await head(itself)).Metadata, { a: "b" });
    await copy({ ...itself, StorageClass: "STANDARD_IA" });
    const { StorageClass, Metadata } = await head(itself);
    assert.deepEqual([StorageClass, Metadata], ["STANDARD_IA", { a: "b" }]);
  });

  it("need an existing source that the caller owns", async () => {
    const cases: [string, string][] = [
      [`${Bucket}/missing`, "NoSuchKey"],
      ["missing/key", "NoSuchBucket"],
      [Bucket, "InvalidArgument"],
      [`${Bucket}/`, "InvalidArgument"],
      [`${encoded}?versionId=0123`, "NoSuchVersion"],
      [`${Bucket}/%zz`, "InvalidURI"],
    ];
    for (const [CopySource, name] of cases) {
      await assert.rejects(copy({ CopySource }), { name }, CopySource);
    }
    stage.emulator.cluster.createBucket("bobs", "bob@example.com");
    stage.emulator.cluster.putObject("bobs", "secret", "x");
    await assert.rejects(copy({ CopySource: "bobs/secret" }), { name: "AccessDenied" });
    await assert.rejects(copy({ Bucket: "bobs" }), { name: "AccessDenied" });
    const archive = stage.emulator.cluster.buckets().find(({ name }) => name === "archive");
    assert.deepEqual(archive?.objects, []);
  });

  it("check the conditions of their source", async () => {
    const { ETag } = await head({ Bucket, Key: source });
    const refusal = { name: "PreconditionFailed" };
    await assert.rejects(copy({ CopySourceIfMatch: '"x"' }), refusal);
    await assert.rejects(copy({ CopySourceIfNoneMatch: ETag }), refusal);
    await assert.rejects(copy({ CopySourceIfModifiedSince: new Date() }), refusal);
    await copy({ CopySourceIfMatch: ETag });
  });

  it("are signed with Version 2 too", async () => {
    const request = { method: "PUT", target: "/archive/copy", resource: "/archive/copy" };
    const headers = { "x-amz-copy-source": encoded };
    const key = firstKey(stage.emulator, "anna@example.com");
    assert.equal((await sendV2(stage.emulator, key, { ...request, headers })).status, 200);
    assert.equal((await head()).ContentLength, 4);
  });
});
