import assert from "node:assert/strict";

import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

import { createEmulator, type Emulator } from "../../../emulator";
import { amazonClient, firstKey } from "../client";
import { withEmulator } from "../withEmulator";

const oddKeys = ["a b/ü+&<>\"'.txt", "per%2Fcent", "(1)!*~", "//", "\u{1F600}", "tab\there", "."];

describe("S3 calls of Amazon's client", () => {
  const Bucket = "data";
  let emulator: Emulator;
  let anna: S3Client;
  let bob: S3Client;

  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
    [anna, bob] = ["anna@example.com", "bob@example.com"].map((address) => {
      emulator.cluster.createUser(address);
      return amazonClient(emulator, firstKey(emulator, address));
    }) as [S3Client, S3Client];
  });
  afterEach(async () => {
    anna.destroy();
    bob.destroy();
    await emulator.stop();
  });

  const put = (Key: string, Body = "text") =>
    anna.send(new PutObjectCommand({ Bucket, Key, Body }));
  const names = async (client: S3Client) =>
    ((await client.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);

  describe("buckets", () => {
    it("are created, listed by name only for their owner, and deleted", async () => {
      await anna.send(new CreateBucketCommand({ Bucket: "zebra" }));
      await anna.send(new CreateBucketCommand({ Bucket }));
      assert.deepEqual(await names(anna), ["data", "zebra"]);
      assert.deepEqual(await names(bob), []);
      await anna.send(new HeadBucketCommand({ Bucket }));
      await anna.send(new DeleteBucketCommand({ Bucket }));
      assert.deepEqual(await names(anna), ["zebra"]);
      assert.deepEqual(
        emulator.cluster.buckets().map(({ name }) => name),
        ["zebra"],
      );
    });

    it("are refused when they exist, with the code for the owner or others", async () => {
      const create = (client: S3Client) => client.send(new CreateBucketCommand({ Bucket }));
      await create(anna);
      await assert.rejects(create(anna), { name: "BucketAlreadyOwnedByYou" });
      await assert.rejects(create(bob), { name: "BucketAlreadyExists" });
    });

    it("need a name of the right form", async () => {
      for (const name of ["ab", "Upper", "a_b", "-ab", "a..b", "1.2.3.4", "x".repeat(64)]) {
        const command = new CreateBucketCommand({ Bucket: name });
        await assert.rejects(anna.send(command), { name: "InvalidBucketName" }, name);
      }
      await withEmulator({ assumptions: { underscoreInBucketNames: true } }, async (own) => {
        own.cluster.createUser("x@example.com");
        const client = amazonClient(own, firstKey(own, "x@example.com"));
        await client.send(new CreateBucketCommand({ Bucket: "a_b" }));
        assert.deepEqual(await names(client), ["a_b"]);
      });
    });

    it("are deleted only if they have neither objects nor versions", async () => {
      await anna.send(new CreateBucketCommand({ Bucket }));
      await put("a");
      const remove = () => anna.send(new DeleteBucketCommand({ Bucket }));
      await assert.rejects(remove(), { name: "BucketNotEmpty" });
      emulator.cluster.deleteObject(Bucket, "a", { marker: true });
      assert.equal((await anna.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0);
      await assert.rejects(remove(), { name: "BucketNotEmpty" });
      const { Versions = [], DeleteMarkers = [] } = await anna.send(
        new ListObjectVersionsCommand({ Bucket }),
      );
      for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
        await anna.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      }
      await remove();
    });

    it("return their location, versioning and access list", async () => {
      await anna.send(new CreateBucketCommand({ Bucket }));
      const location = await anna.send(new GetBucketLocationCommand({ Bucket }));
      assert.equal(location.LocationConstraint, undefined);
      assert.equal((await anna.send(new GetBucketVersioningCommand({ Bucket }))).Status, undefined);
      const acl = await anna.send(new GetBucketAclCommand({ Bucket }));
      assert.equal(acl.Owner?.ID, emulator.cluster.user("anna@example.com")?.userId);
      assert.equal(acl.Grants?.[0]?.Permission, "FULL_CONTROL");
      const uploads = await anna.send(new ListMultipartUploadsCommand({ Bucket }));
      assert.equal(uploads.Uploads, undefined);
    });

    it("refuse access to all others, in later releases to the system user too", async () => {
      await withEmulator({ profile: "vhi-7" }, async (own) => {
        own.cluster.createUser("anna@example.com");
        own.cluster.createUser("bob@example.com");
        own.cluster.createBucket(Bucket, "anna@example.com");
        for (const key of [firstKey(own, "bob@example.com"), own.credentials]) {
          const client = amazonClient(own, key);
          const refusal = { name: "AccessDenied" };
          await assert.rejects(client.send(new ListObjectsV2Command({ Bucket })), refusal);
          await assert.rejects(client.send(new DeleteBucketCommand({ Bucket })), refusal);
          await assert.rejects(client.send(new PutObjectCommand({ Bucket, Key: "a" })), refusal);
        }
      });
    });

    it("can be listed and deleted by the system user, as in the guide", async () => {
      await withEmulator({ profile: "seed" }, async (own) => {
        own.cluster.createUser("anna@example.com");
        own.cluster.createBucket(Bucket, "anna@example.com");
        own.cluster.putObject(Bucket, "a", "a");
        const system = amazonClient(own, own.credentials);
        const { KeyCount } = await system.send(new ListObjectsV2Command({ Bucket }));
        assert.equal(KeyCount, 1);
        const remove = () => system.send(new DeleteBucketCommand({ Bucket }));
        await assert.rejects(remove(), { name: "BucketNotEmpty" });
        const read = new GetObjectCommand({ Bucket, Key: "a" });
        await assert.rejects(system.send(read), { name: "AccessDenied" });
        own.cluster.deleteObject(Bucket, "a");
        await remove();
        assert.deepEqual(own.cluster.buckets(), []);
      });
    });
  });

  describe("objects", () => {
    beforeEach(async () => {
      await anna.send(new CreateBucketCommand({ Bucket }));
    });

    it("are returned with type, metadata and MD5", async () => {
      await anna.send(
        new PutObjectCommand({
          ...{ Bucket, Key: "a", Body: "hello", ContentType: "text/x-test" },
          Metadata: { colour: "blue" },
        }),
      );
      const answer = await anna.send(new GetObjectCommand({ Bucket, Key: "a" }));
      assert.equal(await answer.Body?.transformToString(), "hello");
      assert.equal(answer.ContentType, "text/x-test");
      assert.deepEqual(answer.Metadata, { colour: "blue" });
      assert.equal(answer.ETag, '"5d41402abc4b2a76b9719d911017c592"');
      const head = await anna.send(new HeadObjectCommand({ Bucket, Key: "a" }));
      assert.deepEqual([head.ContentLength, head.ETag], [5, answer.ETag]);
    });

    for (const key of oddKeys) {
      it(`can be named ${JSON.stringify(key)}`, async () => {
        await put(key, key);
        const answer = await anna.send(new GetObjectCommand({ Bucket, Key: key }));
        assert.equal(await answer.Body?.transformToString(), key);
        const { Contents } = await anna.send(new ListObjectsV2Command({ Bucket }));
        assert.deepEqual(
          Contents?.map(({ Key, Size }) => [Key, Size]),
          [[key, Buffer.byteLength(key)]],
        );
        const Delete = { Objects: [{ Key: key }] };
        const { Deleted } = await anna.send(new DeleteObjectsCommand({ Bucket, Delete }));
        assert.deepEqual(Deleted, [{ Key: key }]);
        assert.deepEqual(emulator.cluster.buckets()[0]?.objects, []);
      });
    }

    it("are listed page by page, in both versions of the list", async () => {
      const keys = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, "0")}`);
      for (const key of keys) emulator.cluster.putObject(Bucket, key, key);
      const found: (string | undefined)[] = [];
      const pages = paginateListObjectsV2({ client: anna, pageSize: 10 }, { Bucket });
      for await (const { Contents = [] } of pages) found.push(...Contents.map(({ Key }) => Key));
      assert.deepEqual(found, keys);
      const input = { Bucket, MaxKeys: 10, Marker: "k19" };
      const { Contents, IsTruncated } = await anna.send(new ListObjectsCommand(input));
      assert.deepEqual([Contents?.length, IsTruncated], [5, false]);
    });

    it("are grouped by prefix and delimiter, and URL-encoded on demand", async () => {
      for (const key of ["x y/1", "x y/2", "z"]) emulator.cluster.putObject(Bucket, key, "");
      const query = { Bucket, Delimiter: "/", EncodingType: "url" } as const;
      const { CommonPrefixes, Contents } = await anna.send(new ListObjectsV2Command(query));
      assert.deepEqual(CommonPrefixes, [{ Prefix: "x%20y/" }]);
      assert.deepEqual(
        Contents?.map(({ Key }) => Key),
        ["z"],
      );
    });

    it("are listed as the version null until the bucket has versioning", async () => {
      emulator.cluster.putObject(Bucket, "b", "333");
      emulator.cluster.putObject(Bucket, "a", "1");
      emulator.cluster.deleteObject(Bucket, "a", { marker: true });
      emulator.cluster.putObject(Bucket, "a", "22");
      const all = await anna.send(new ListObjectVersionsCommand({ Bucket }));
      const rows = all.Versions?.map(({ Key, IsLatest, Size }) => [Key, IsLatest, Size]);
      assert.deepEqual(rows, [
        ["a", true, 2],
        ["a", false, 1],
        ["b", true, 3],
      ]);
      assert.deepEqual(
        all.DeleteMarkers?.map(({ IsLatest }) => IsLatest),
        [false],
      );
      const ids = all.Versions?.map(({ VersionId }) => VersionId);
      assert.match(ids?.[0] ?? "", /^[0-9a-f]{32}$/);
      assert.deepEqual(ids?.slice(1), ["null", "null"]);
      const first = await anna.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 }));
      const second = await anna.send(
        new ListObjectVersionsCommand({
          Bucket,
          KeyMarker: first.NextKeyMarker,
          VersionIdMarker: first.NextVersionIdMarker,
        }),
      );
      assert.equal(second.Versions?.length, 2);
      assert.equal(second.DeleteMarkers?.length, 1);
      assert.equal((await anna.send(new GetBucketVersioningCommand({ Bucket }))).Status, "Enabled");
    });

    it("are reported as missing with the code for each case", async () => {
      const get = (input: { Bucket: string; Key: string }) =>
        anna.send(new GetObjectCommand(input));
      await assert.rejects(get({ Bucket, Key: "missing" }), { name: "NoSuchKey" });
      await assert.rejects(get({ Bucket: "missing", Key: "a" }), { name: "NoSuchBucket" });
      await anna.send(new DeleteObjectCommand({ Bucket, Key: "missing" }));
    });

    it("are refused with a wrong MD5 or too long a key", async () => {
      const input = { Bucket, Key: "a", Body: "hello", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" };
      await assert.rejects(anna.send(new PutObjectCommand(input)), { name: "BadDigest" });
      await assert.rejects(put("x".repeat(1025)), { name: "KeyTooLongError" });
      assert.deepEqual(emulator.cluster.buckets()[0]?.objects, []);
    });
  });

  it("refuses a disabled user until it is enabled", async () => {
    emulator.cluster.setUserState("anna@example.com", "disabled");
    await assert.rejects(names(anna), { name: "AccessDenied" });
    assert.deepEqual(await names(bob), []);
    emulator.cluster.setUserState("anna@example.com", "enabled");
    assert.deepEqual(await names(anna), []);
  });

  it("refuses a revoked key and a wrong secret", async () => {
    const key = firstKey(emulator, "anna@example.com");
    const wrong = amazonClient(emulator, { ...key, secretAccessKey: "wrong" });
    await assert.rejects(names(wrong), { name: "SignatureDoesNotMatch" });
    emulator.cluster.revokeKey(key.accessKeyId);
    await assert.rejects(names(anna), { name: "InvalidAccessKeyId" });
  });

  it("refuses an unknown call", async () => {
    const Tagging = { TagSet: [{ Key: "k", Value: "v" }] };
    const command = new PutObjectTaggingCommand({ Bucket, Key: "a", Tagging });
    await assert.rejects(anna.send(command), { name: "NotImplemented" });
    assert.equal(emulator.requests[0]?.operation, "s3:NotImplemented");
  });

  it("records the names of calls", async () => {
    await anna.send(new CreateBucketCommand({ Bucket }));
    await put("a");
    await anna.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    await anna.send(new ListObjectVersionsCommand({ Bucket }));
    await anna.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    assert.deepEqual(
      emulator.requests.map(({ operation, status }) => `${operation} ${status}`),
      [
        ...["s3:CreateBucket 200", "s3:PutObject 200", "s3:HeadObject 200"],
        ...["s3:ListObjectVersions 200", "s3:DeleteObject 204"],
      ],
    );
  });
});
