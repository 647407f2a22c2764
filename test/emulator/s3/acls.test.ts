import assert from "node:assert/strict";

import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  type Grant,
  PutBucketAclCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";

import { type Stage, startStage } from "./owner";

const Bucket = "data";
const groups = "http://acs.amazonaws.com/groups/global/";
const everybody: Grant = {
  Grantee: { Type: "Group", URI: `${groups}AllUsers` },
  Permission: "READ",
};

describe("canned access lists", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.close());

  const grantsOf = async (Key?: string) => {
    const { Grants = [] } = await (Key === undefined
      ? stage.anna.send(new GetBucketAclCommand({ Bucket }))
      : stage.anna.send(new GetObjectAclCommand({ Bucket, Key })));
    return Grants.map(({ Grantee, Permission }) => {
      return `${Grantee?.URI?.replace(groups, "") ?? "owner"} ${Permission}`;
    });
  };
  const owner = () => ({ ID: stage.emulator.cluster.user("anna@example.com")?.userId });

  const lists = {
    private: [],
    "public-read": ["AllUsers READ"],
    "public-read-write": ["AllUsers READ", "AllUsers WRITE"],
    "authenticated-read": ["AuthenticatedUsers READ"],
    "bucket-owner-full-control": [],
  } as const;
  for (const [name, others] of Object.entries(lists)) {
    const ACL = name as keyof typeof lists;
    it(`${ACL} is stored and returned, of a bucket and of an object`, async () => {
      const expected = ["owner FULL_CONTROL", ...others];
      await stage.anna.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x", ACL }));
      assert.deepEqual(await grantsOf("a"), expected);
      await stage.anna.send(new PutObjectCommand({ Bucket, Key: "b", Body: "x" }));
      await stage.anna.send(new PutObjectAclCommand({ Bucket, Key: "b", ACL }));
      assert.deepEqual(await grantsOf("b"), expected);
      if (ACL === "bucket-owner-full-control") return;
      await stage.anna.send(new PutBucketAclCommand({ Bucket, ACL }));
      assert.deepEqual(await grantsOf(), expected);
      await stage.anna.send(new CreateBucketCommand({ Bucket: "another", ACL }));
    });
  }

  it("are accepted in a body too, as clients send them that change single grants", async () => {
    const full: Grant = {
      Grantee: { Type: "CanonicalUser", ...owner() },
      Permission: "FULL_CONTROL",
    };
    const put = (Grants: Grant[]) =>
      stage.anna.send(
        new PutBucketAclCommand({
          ...{ Bucket, AccessControlPolicy: { Owner: owner(), Grants } },
        }),
      );
    await put([everybody, full]);
    assert.deepEqual(await grantsOf(), ["owner FULL_CONTROL", "AllUsers READ"]);
    for (const grants of [[], [everybody], [full, { ...everybody, Permission: "WRITE" }]]) {
      await assert.rejects(put(grants as Grant[]), { name: "NotImplemented" });
    }
    assert.deepEqual(await grantsOf(), ["owner FULL_CONTROL", "AllUsers READ"]);
    await put([full]);
    assert.deepEqual(await grantsOf(), ["owner FULL_CONTROL"]);
  });

  it("grant nothing: only the owner has access", async () => {
    const object = { Bucket, Key: "a", Body: "x", ACL: "public-read" } as const;
    await stage.anna.send(new PutObjectCommand(object));
    const read = stage.bob.send(new GetObjectCommand({ Bucket, Key: "a" }));
    await assert.rejects(read, { name: "AccessDenied" });
  });

  it("are refused under another name, and so are single grants", async () => {
    const put = (input: object) =>
      stage.anna.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x", ...input }));
    await assert.rejects(put({ ACL: "open" }), { name: "InvalidArgument" });
    await assert.rejects(put({ GrantRead: `uri="${groups}AllUsers"` }), { name: "NotImplemented" });
    assert.deepEqual(stage.emulator.cluster.buckets()[0]?.objects, []);
  });
});
