import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";

import { s3Curl } from "../client";
import { type Stage, startStage } from "./owner";

const Bucket = "data";
const Key = "a b/ü+&.tar";
const mebibyte = 1024 * 1024;

describe("multipart uploads", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.close());

  const start = async (key = Key) => {
    const command = new CreateMultipartUploadCommand({
      ...{ Bucket, Key: key, ContentType: "text/x", Metadata: { colour: "blue" } },
    });
    return (await stage.anna.send(command)).UploadId ?? "";
  };
  const put = async (UploadId: string, PartNumber: number, Body: Buffer) => {
    const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body });
    return { PartNumber, ETag: (await stage.anna.send(command)).ETag ?? "" };
  };
  const complete = (UploadId: string, Parts: { PartNumber: number; ETag: string }[]) =>
    stage.anna.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
  const objects = () => stage.emulator.cluster.buckets()[0]?.objects;
  const size = async () => {
    const reply = await s3Curl(stage.emulator, "GET", "ostor-buckets");
    return (JSON.parse(reply.body) as { Buckets: { size: { current: number } }[] }).Buckets[0]?.size
      .current;
  };

  it("become one object whose ETag contains the number of parts, and only then count for the size", async () => {
    const bodies = [randomBytes(5 * mebibyte), randomBytes(5 * mebibyte + 1), Buffer.from("end")];
    const UploadId = await start();
    const parts = [];
    for (const index of [2, 0, 1]) {
      parts[index] = await put(UploadId, index + 1, bodies[index] ?? Buffer.alloc(0));
    }
    assert.deepEqual([objects(), await size()], [[], 0]);
    const { ETag } = await complete(UploadId, parts);
    const hashes = bodies.map((body) => createHash("md5").update(body).digest());
    const expected = createHash("md5").update(Buffer.concat(hashes)).digest("hex");
    assert.equal(ETag, `"${expected}-3"`);
    const whole = Buffer.concat(bodies);
    assert.equal(await size(), whole.length);
    const answer = await stage.anna.send(new GetObjectCommand({ Bucket, Key }));
    assert.ok(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(whole));
    assert.deepEqual([answer.ContentType, answer.Metadata], ["text/x", { colour: "blue" }]);
    const second = new HeadObjectCommand({ Bucket, Key, PartNumber: 2 });
    const { PartsCount, ContentLength } = await stage.anna.send(second);
    assert.deepEqual([PartsCount, ContentLength], [3, 5 * mebibyte + 1]);
    await assert.rejects(complete(UploadId, parts), { name: "NoSuchUpload" });
  });

  it("are completed only in order, with the ETags of existing parts that are large enough", async () => {
    const UploadId = await start();
    const [one, two] = [
      await put(UploadId, 1, Buffer.from("1")),
      await put(UploadId, 2, Buffer.from("2")),
    ];
    await assert.rejects(complete(UploadId, [two, one]), { name: "InvalidPartOrder" });
    await assert.rejects(complete(UploadId, [one, one]), { name: "InvalidPartOrder" });
    await assert.rejects(complete(UploadId, [{ ...one, ETag: two.ETag }]), { name: "InvalidPart" });
    await assert.rejects(complete(UploadId, [{ ...one, PartNumber: 3 }]), { name: "InvalidPart" });
    await assert.rejects(complete(UploadId, [one, two]), { name: "EntityTooSmall" });
    await assert.rejects(complete(UploadId, []), { name: "MalformedXML" });
    assert.deepEqual(objects(), []);
    const replaced = await put(UploadId, 1, Buffer.from("new"));
    await complete(UploadId, [{ PartNumber: 1, ETag: replaced.ETag.replaceAll('"', "") }]);
    assert.deepEqual(objects(), [{ key: Key, size: 3 }]);
  });

  it("accept part numbers from 1 to 10000, and only parts of their own key", async () => {
    const UploadId = await start();
    for (const number of [0, 10_001]) {
      await assert.rejects(put(UploadId, number, Buffer.from("x")), { name: "InvalidArgument" });
    }
    await put(UploadId, 10_000, Buffer.from("x"));
    const other = { Bucket, Key: "other", UploadId, PartNumber: 1, Body: "x" };
    await assert.rejects(stage.anna.send(new UploadPartCommand(other)), { name: "NoSuchUpload" });
    const wrong = { Bucket, Key, UploadId, PartNumber: 1, Body: "x" };
    const digest = { ...wrong, ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" };
    await assert.rejects(stage.anna.send(new UploadPartCommand(digest)), { name: "BadDigest" });
    await assert.rejects(stage.bob.send(new UploadPartCommand(wrong)), { name: "AccessDenied" });
  });

  it("are listed page by page, by key and start, and so are their parts", async () => {
    const ids = [await start("b"), await start("a"), await start("b"), await start("c/1")];
    const found: (string | undefined)[] = [];
    let marker = {};
    for (let more = true; more;) {
      const page = await stage.anna.send(
        new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1, ...marker }),
      );
      found.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
      more = page.IsTruncated === true;
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
    assert.deepEqual(found, [ids[1], ids[0], ids[2], ids[3]]);
    const grouped = new ListMultipartUploadsCommand({ Bucket, Delimiter: "/" });
    const { CommonPrefixes } = await stage.anna.send(grouped);
    assert.deepEqual(CommonPrefixes, [{ Prefix: "c/" }]);

    const UploadId = await start();
    for (const number of [3, 1, 2]) await put(UploadId, number, Buffer.from(`${number}`));
    const first = await stage.anna.send(
      new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }),
    );
    assert.deepEqual(
      first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [
        [1, 1],
        [2, 1],
      ],
    );
    assert.equal(first.IsTruncated, true);
    const { NextPartNumberMarker: PartNumberMarker } = first;
    const rest = new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker });
    assert.deepEqual(
      (await stage.anna.send(rest)).Parts?.map(({ PartNumber }) => PartNumber),
      [3],
    );
  });

  it("are deleted by an abort, or with their bucket", async () => {
    const UploadId = await start();
    await put(UploadId, 1, Buffer.from("x"));
    const abort = () => stage.anna.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await abort();
    await assert.rejects(abort(), { name: "NoSuchUpload" });
    await start();
    await stage.anna.send(new DeleteBucketCommand({ Bucket }));
    assert.deepEqual(stage.emulator.cluster.buckets(), []);
  });

  it("accept whole objects and ranges of them as parts", async () => {
    stage.emulator.cluster.putObject(Bucket, "source +ü", "0123456789");
    const UploadId = await start();
    const copy = async (PartNumber: number, CopySourceRange?: string) => {
      const CopySource = `${Bucket}/${encodeURIComponent("source +ü")}`;
      const part = { Bucket, Key, UploadId, PartNumber, CopySource };
      const { CopyPartResult } = await stage.anna.send(
        new UploadPartCopyCommand({ ...part, ...(CopySourceRange && { CopySourceRange }) }),
      );
      return { PartNumber, ETag: CopyPartResult?.ETag ?? "" };
    };
    for (const range of ["bytes=0-10", "bytes=5-", "bytes=-5", "bytes=10-11", "2-4", "bytes=4-2"]) {
      await assert.rejects(copy(1, range), { name: "InvalidArgument" }, range);
    }
    await complete(UploadId, [await copy(2, "bytes=2-9")]);
    const { Body } = await stage.anna.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(await Body?.transformToString(), "23456789");
  });
});
