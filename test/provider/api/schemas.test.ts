import assert from "node:assert/strict";
import { apiBuckets, apiUser, apiUsers } from "../../../provider/api/schemas";

const wire = { UserEmail: "client@example.com", UserId: "ca55631f9f3d59dc" };
const plain = {
  emailAddress: "client@example.com",
  userId: "ca55631f9f3d59dc",
  state: undefined,
  ownerId: undefined,
  flags: [],
  accessKeys: [],
};

describe("apiUser", () => {
  it("accepts an answer of the oldest releases, without state, flags and keys", () => {
    assert.deepEqual(apiUser.parse(wire), plain);
  });

  it("reads all fields of the vendor's guide, and ignores unknown fields", () => {
    const user = apiUser.parse({
      ...wire,
      State: "enabled",
      OwnerId: "0000000000000000",
      Flags: ["system"],
      AWSAccessKeys: [{ AWSAccessKeyId: "AK", AWSSecretAccessKey: "SK", Name: "new field" }],
      AccountCount: "3",
      Accounts: [{ Name: "account1", AWSAccessKeys: [] }],
      SomethingNew: { a: 1 },
    });
    assert.deepEqual(user, {
      ...plain,
      state: "enabled",
      ownerId: "0000000000000000",
      flags: ["system"],
      accessKeys: [{ accessKeyId: "AK", secretAccessKey: "SK" }],
    });
  });

  it("treats null like an absent field", () => {
    const nulls = { State: null, OwnerId: null, Flags: null, AWSAccessKeys: null };
    assert.deepEqual(apiUser.parse({ ...wire, ...nulls }), plain);
  });

  it("treats an empty secret like an absent one", () => {
    const pairs = [
      { AWSAccessKeyId: "A" },
      { AWSAccessKeyId: "B", AWSSecretAccessKey: "" },
      { AWSAccessKeyId: "C", AWSSecretAccessKey: null },
    ];
    const { accessKeys } = apiUser.parse({ ...wire, AWSAccessKeys: pairs });
    assert.deepEqual(
      accessKeys.map(({ secretAccessKey }) => secretAccessKey),
      [undefined, undefined, undefined],
    );
  });

  it("counts every state but enabled as disabled", () => {
    for (const State of ["disabled", "suspended", "Disabled", ""]) {
      assert.equal(apiUser.parse({ ...wire, State }).state, "disabled");
    }
  });

  it("reads a state in any letter case", () => {
    assert.equal(apiUser.parse({ ...wire, State: "Enabled" }).state, "enabled");
  });

  it("rejects a user without address or id", () => {
    for (const user of [{ ...wire, UserId: "" }, { ...wire, UserEmail: "" }, {}, [], "x", null]) {
      assert.equal(apiUser.safeParse(user).success, false);
    }
  });
});

describe("apiUsers", () => {
  for (const [name, list] of [
    ["a bare array", [wire]],
    ["an object with Users", { Users: [wire], Truncated: false }],
    ["an object with users", { users: [wire] }],
  ] as const) {
    it(`accepts ${name}`, () => {
      assert.deepEqual(apiUsers.parse(list), [plain]);
    });
  }

  it("accepts an empty list, and rejects what is not a list", () => {
    assert.deepEqual(apiUsers.parse([]), []);
    for (const other of [{}, { Users: null }, "", { Buckets: [] }]) {
      assert.equal(apiUsers.safeParse(other).success, false);
    }
  });
});

describe("apiBuckets", () => {
  const bucket = {
    name: "bucket1",
    epoch: 0,
    creation_date: "2018-05-25T17:12:00.000Z",
    owner_id: "ca55631f9f3d59dc",
  };
  const size = { current: 12288, hmax: 12289, h_integral: 7360512, last_ts: 424241 };

  it("reads sizes with the unit in each name", () => {
    assert.deepEqual(apiBuckets.parse({ Buckets: [{ ...bucket, size, policy: {} }] }), [
      {
        name: "bucket1",
        creationDate: "2018-05-25T17:12:00.000Z",
        ownerId: "ca55631f9f3d59dc",
        currentBytes: 12288,
        hmaxBytes: 12289,
        hIntegralByteHours: 7360512,
        lastTsHours: 424241,
      },
    ]);
  });

  it("reads a missing size as zero", () => {
    for (const told of [undefined, null, {}]) {
      const [read] = apiBuckets.parse({ Buckets: [{ ...bucket, size: told }] });
      assert.equal(read?.currentBytes, 0);
      assert.equal(read.lastTsHours, 0);
    }
  });

  it("rejects a list without Buckets and a bucket without owner", () => {
    assert.equal(apiBuckets.safeParse([]).success, false);
    assert.equal(apiBuckets.safeParse({ Buckets: [{ ...bucket, owner_id: "" }] }).success, false);
  });
});
