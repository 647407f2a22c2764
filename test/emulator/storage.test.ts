import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetBucketAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketAclCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

import { createEmulator, type Emulator } from "../../emulator";
import { amazonClient, firstKey } from "./client";

const address = "anna@example.com";
const Bucket = "data";

describe("a data file", () => {
  let folder = "";
  let dataFile = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-data-"));
    dataFile = join(folder, "cluster.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function run(work: (anna: S3Client, emulator: Emulator) => Promise<void>): Promise<void> {
    const emulator = createEmulator({ dataFile, seed: 1 });
    await emulator.start();
    if (!emulator.cluster.user(address)) emulator.cluster.createUser(address);
    const anna = amazonClient(emulator, firstKey(emulator, address));
    try {
      await work(anna, emulator);
    } finally {
      anna.destroy();
      await emulator.stop();
    }
  }

  it("contains versions, delete markers, access lists, metadata and unfinished uploads", async () => {
    let UploadId = "";
    await run(async (anna, { cluster }) => {
      cluster.createBucket(Bucket, address);
      await anna.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }));
      const Metadata = { colour: "blue" };
      await anna.send(new PutObjectCommand({ Bucket, Key: "a", Body: "old", Metadata }));
      cluster.deleteObject(Bucket, "a", { marker: true });
      const upload = { Bucket, Key: "b", ContentType: "text/x" };
      UploadId = (await anna.send(new CreateMultipartUploadCommand(upload))).UploadId ?? "";
      const part = { Bucket, Key: "b", UploadId, PartNumber: 7, Body: "part" };
      await anna.send(new UploadPartCommand(part));
    });
    await run(async (anna) => {
      const { Versions, DeleteMarkers } = await anna.send(
        new ListObjectVersionsCommand({ Bucket }),
      );
      assert.deepEqual([Versions?.length, DeleteMarkers?.[0]?.IsLatest], [1, true]);
      const old = await anna.send(new GetObjectCommand({ Bucket, Key: "a", VersionId: "null" }));
      assert.equal(await old.Body?.transformToString(), "old");
      assert.deepEqual(old.Metadata, { colour: "blue" });
      const acl = await anna.send(new GetBucketAclCommand({ Bucket }));
      assert.equal(acl.Grants?.length, 2);
      const { Parts } = await anna.send(new ListPartsCommand({ Bucket, Key: "b", UploadId }));
      const named = Parts?.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
      const MultipartUpload = { Parts: named };
      const completion = { Bucket, Key: "b", UploadId, MultipartUpload };
      await anna.send(new CompleteMultipartUploadCommand(completion));
    });
    await run(async (anna) => {
      const head = await anna.send(new HeadObjectCommand({ Bucket, Key: "b", PartNumber: 1 }));
      assert.deepEqual([head.ContentLength, head.PartsCount, head.ContentType], [4, 1, "text/x"]);
    });
  });

  const size = { current: 4, hmax: 4, h_integral: 0, last_ts: 0 };
  const stored = (oldVersions: object[]) => ({
    ...{ format: "pulumi-ostor emulator", version: 1, seed: 1, counts: [] },
    users: [
      {
        ...{ emailAddress: address, userId: "0123456789abcdef", state: "enabled", flags: [] },
        accessKeys: [{ accessKeyId: "AK", secretAccessKey: "SK" }],
      },
      {
        ...{ emailAddress: "admin@ostor.example", userId: "f", state: "enabled" },
        ...{ flags: ["system"], accessKeys: [{ accessKeyId: "A", secretAccessKey: "S" }] },
      },
    ],
    buckets: [
      {
        ...{ name: Bucket, ownerId: "0123456789abcdef", createdMs: 0, size, uploads: ["up"] },
        objects: [
          [
            "a",
            { body: "dGV4dA==", etag: '"e"', modifiedMs: 0, headers: { "content-type": "t/x" } },
          ],
        ],
        oldVersions,
      },
    ],
  });

  it("of an earlier emulator is read", async () => {
    const marker = { key: "b", versionId: "1", marker: true, size: 0, modifiedMs: 0 };
    writeFileSync(dataFile, JSON.stringify(stored([marker])));
    for (const times of [1, 2]) {
      await run(async (anna, { cluster }) => {
        assert.deepEqual(cluster.buckets()[0]?.objects, [{ key: "a", size: 4 }], `run ${times}`);
        const object = await anna.send(new GetObjectCommand({ Bucket, Key: "a" }));
        assert.equal(await object.Body?.transformToString(), "text");
        const { DeleteMarkers } = await anna.send(new ListObjectVersionsCommand({ Bucket }));
        assert.deepEqual(
          DeleteMarkers?.map(({ Key }) => Key),
          ["b"],
        );
      });
    }
  });

  it("of an earlier emulator is refused if it lacks the bodies of versions", () => {
    const version = { key: "a", versionId: "1", marker: false, size: 9, modifiedMs: 0 };
    writeFileSync(dataFile, JSON.stringify(stored([version])));
    assert.throws(() => createEmulator({ dataFile }), /is not a data file of the emulator/);
  });
});
