import assert from "node:assert/strict";

import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";

import { type Stage, startStage } from "./owner";

const Bucket = "data";
const Key = "key";

describe("versioning", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.close());

  const set = (Status: "Enabled" | "Suspended") =>
    stage.anna.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }),
    );
  const put = async (Body: string) =>
    (await stage.anna.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const get = async (VersionId?: string) => {
    const answer = await stage.anna.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return await answer.Body?.transformToString();
  };
  const remove = (VersionId?: string) =>
    stage.anna.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  const list = async () => {
    const { Versions = [], DeleteMarkers = [] } = await stage.anna.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const ids = Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]);
    return { ids, markers: DeleteMarkers.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]) };
  };

  it("is off until it is enabled, and is reported when it is suspended", async () => {
    const status = async () =>
      (await stage.anna.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    assert.equal(await status(), undefined);
    assert.equal(await put("1"), undefined);
    for (const each of ["Enabled", "Suspended"] as const) {
      await set(each);
      assert.equal(await status(), each);
    }
    await assert.rejects(set("On" as "Enabled"), { name: "MalformedXML" });
    const change = new PutBucketVersioningCommand({
      ...{ Bucket, VersioningConfiguration: { Status: "Enabled" } },
    });
    await assert.rejects(stage.bob.send(change), { name: "AccessDenied" });
  });

  it("keeps every version, hides an object behind a delete marker, and restores it without the marker", async () => {
    await put("before");
    await set("Enabled");
    const first = await put("1");
    const second = await put("2");
    assert.deepEqual([await get(), await get(first), await get("null")], ["2", "1", "before"]);
    const { VersionId: marker, DeleteMarker } = await remove();
    assert.equal(DeleteMarker, true);
    await assert.rejects(get(), { name: "NoSuchKey" });
    await assert.rejects(get(marker), { name: "MethodNotAllowed" });
    await assert.rejects(get("0".repeat(32)), { name: "NoSuchVersion" });
    assert.equal((await stage.anna.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0);
    const ids = [second, first, "null"].map((id) => [id, false]);
    assert.deepEqual(await list(), { ids, markers: [[marker, true]] });
    const removed = await remove(marker);
    assert.deepEqual([removed.DeleteMarker, removed.VersionId], [true, marker]);
    assert.equal(await get(), "2");
    await remove(second);
    assert.equal(await get(), "1");
  });

  it("replaces the version null while it is suspended", async () => {
    await set("Enabled");
    const kept = await put("kept");
    await set("Suspended");
    assert.equal(await put("1"), "null");
    assert.equal(await put("2"), "null");
    const latest = ["null", true];
    assert.deepEqual((await list()).ids, [latest, [kept, false]]);
    await remove();
    assert.deepEqual(await list(), { ids: [[kept, false]], markers: [latest] });
  });

  it("restores an old version by a copy onto the object itself", async () => {
    await set("Enabled");
    const old = await put("old");
    await put("new");
    const source = `${Bucket}/${Key}?versionId=${old}`;
    const answer = await stage.anna.send(
      new CopyObjectCommand({ Bucket, Key, CopySource: source }),
    );
    assert.equal(answer.CopySourceVersionId, old);
    assert.deepEqual([await get(), (await list()).ids.length], ["old", 3]);
  });

  it("counts all versions, and keeps the bucket until the last one is deleted", async () => {
    await set("Enabled");
    for (const body of ["1", "22", "333"]) await put(body);
    await remove();
    const drop = () => stage.anna.send(new DeleteBucketCommand({ Bucket }));
    await assert.rejects(drop(), { name: "BucketNotEmpty" });
    // Page by page: the versions of a page are deleted before the next page is requested.
    let marker = {};
    for (let more = true; more;) {
      const page = await stage.anna.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...marker }),
      );
      const { Versions = [], DeleteMarkers = [] } = page;
      const Objects = [...Versions, ...DeleteMarkers].map(({ VersionId }) => ({ Key, VersionId }));
      await stage.anna.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      more = page.IsTruncated === true;
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    await drop();
  });

  it("is reported by DeleteObjects: new markers and deleted versions", async () => {
    await set("Enabled");
    const version = await put("1");
    const removeMany = async (VersionId?: string) => {
      const Delete = { Objects: [{ Key, VersionId }] };
      return (await stage.anna.send(new DeleteObjectsCommand({ Bucket, Delete }))).Deleted?.[0];
    };
    const marked = await removeMany();
    assert.equal(marked?.DeleteMarker, true);
    const DeleteMarkerVersionId = marked.DeleteMarkerVersionId;
    const marker = { DeleteMarker: true, DeleteMarkerVersionId };
    assert.deepEqual(await removeMany(DeleteMarkerVersionId), {
      ...{ Key, VersionId: DeleteMarkerVersionId, ...marker },
    });
    assert.deepEqual(await removeMany(version), { Key, VersionId: version });
    assert.deepEqual(await list(), { ids: [], markers: [] });
  });
});
