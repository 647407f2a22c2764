import assert from "node:assert/strict";
import { ApiError, ShapeError } from "../../../provider/api/errors";
import type { Credentials } from "../../../provider/api/sign";
import { clientOf, failureOf, useEmulator, userOn, withClient, withWebServer } from "../harness";

const owner = "owner@example.com";

for (const signatureVersion of ["v4", "v2"] as const) {
  describe(`the S3 calls, signed with ${signatureVersion}`, () => {
    const setup = useEmulator({
      assumptions: { signatureVersions: [signatureVersion], systemUserDeletesBuckets: false },
    });
    const own = (): Credentials => {
      const [pair] = userOn(setup.emulator, owner).accessKeys;
      assert(pair);
      return pair;
    };
    beforeEach(() => {
      setup.emulator.cluster.createUser(owner);
      setup.emulator.cluster.createBucket("data", owner);
    });

    it("report an empty bucket", async () => {
      assert.equal(await clientOf(setup.cluster).isBucketEmpty("data", own()), true);
      assert.deepEqual(
        setup.emulator.requests.filter(({ status }) => status === 200).map(({ path }) => path),
        ["/data?max-keys=1", "/data?versions&max-keys=1", "/data?uploads&max-uploads=1"],
      );
    });

    it("report a bucket with an object as not empty", async () => {
      setup.emulator.cluster.putObject("data", "folder/key", "");
      assert.equal(await clientOf(setup.cluster).isBucketEmpty("data", own()), false);
    });

    it("report a bucket with only versions and a delete marker as not empty", async () => {
      setup.emulator.cluster.putObject("data", "key", "body");
      setup.emulator.cluster.deleteObject("data", "key", { marker: true });
      assert.equal(await clientOf(setup.cluster).isBucketEmpty("data", own()), false);
    });

    it("report a bucket with only a delete marker as not empty", async () => {
      setup.emulator.cluster.deleteObject("data", "key", { marker: true });
      assert.equal(await clientOf(setup.cluster).isBucketEmpty("data", own()), false);
    });

    it("report a bucket with an unfinished upload as not empty", async () => {
      setup.emulator.cluster.startUpload("data", "key");
      assert.equal(await clientOf(setup.cluster).isBucketEmpty("data", own()), false);
    });

    it("report a bucket that does not exist as empty", async () => {
      assert.equal(await clientOf(setup.cluster).isBucketEmpty("gone", own()), true);
    });

    it("fail for another user", async () => {
      const { accessKeyId, secretAccessKey } = setup.emulator.credentials;
      const stranger = { accessKeyId, secretAccessKey };
      const error = await failureOf(clientOf(setup.cluster).isBucketEmpty("data", stranger));
      assert(error instanceof ApiError);
      assert.equal(error.status, 403);
      assert.match(error.message, /^list objects in bucket data: /);
    });

    it("delete a bucket, and accept that it does not exist", async () => {
      const client = clientOf(setup.cluster);
      await client.deleteBucket("data", own());
      assert.deepEqual(setup.emulator.cluster.buckets(), []);
      await client.deleteBucket("data", own());
    });

    it("report the refusal to delete a bucket that is not empty", async () => {
      setup.emulator.cluster.putObject("data", "key", "body");
      const error = await failureOf(clientOf(setup.cluster).deleteBucket("data", own()));
      assert(error instanceof ApiError);
      assert.equal(error.code, "BucketNotEmpty");
      assert.equal(setup.emulator.cluster.buckets().length, 1);
    });
  });
}

describe("isBucketEmpty", () => {
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "S" };
  const list = (inside: string) => `<ListBucketResult><Name>b</Name>${inside}</ListBucketResult>`;

  async function answeredWith(
    objects: string,
    versions: string,
    uploads = "<ListMultipartUploadsResult/>",
  ): Promise<boolean> {
    let isEmpty = false;
    const answerTo = (url = "") => {
      if (url.includes("uploads")) return uploads;
      return url.includes("versions") ? versions : objects;
    };
    await withWebServer(
      (request, response) => response.end(answerTo(request.url)),
      async (endpoint) => {
        await withClient(endpoint, async (client) => {
          isEmpty = await client.isBucketEmpty("b", credentials);
        });
      },
    );
    return isEmpty;
  }

  it("treats a document without entries as empty", async () => {
    assert.equal(await answeredWith("<ListBucketResult/>", "<ListVersionsResult/>"), true);
  });

  it("treats each kind of entry as content", async () => {
    const none = "<ListVersionsResult/>";
    assert.equal(await answeredWith(list("<CommonPrefixes/>"), none), false);
    assert.equal(await answeredWith(list("<Contents><Key>k</Key></Contents>"), none), false);
    const cut = "<IsTruncated>true</IsTruncated>";
    assert.equal(await answeredWith(list(cut), none), false);
    assert.equal(await answeredWith(list("<IsTruncated>false</IsTruncated>"), none), true);
    const upload = "<ListMultipartUploadsResult><Upload/></ListMultipartUploadsResult>";
    assert.equal(await answeredWith(list(""), none, upload), false);
  });

  it("never treats an unexpected answer as empty", async () => {
    const objects = "<ListBucketResult/>";
    for (const [first, second] of [
      ["", ""],
      ["<html>", ""],
      ["{}", ""],
      ["<ListAllMyBucketsResult/>", ""],
      [objects, ""],
      // A gateway that does not support versions and lists objects again.
      [objects, objects],
    ] as const) {
      assert((await failureOf(answeredWith(first, second))) instanceof ShapeError);
    }
    const versions = "<ListVersionsResult/>";
    assert((await failureOf(answeredWith(objects, versions, objects))) instanceof ShapeError);
  });
});
