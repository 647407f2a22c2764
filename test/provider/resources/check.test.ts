import assert from "node:assert/strict";
import { apiId, checkInputs, emailAddress, flag, keepers } from "../../../provider/resources/check";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const schemas = {
  emailAddress,
  deleteEmptyBuckets: flag,
  adopt: apiId.optional(),
  keepers: keepers.optional(),
};
const check = (news: Record<string, unknown>) => checkInputs(schemas, news);

describe("checkInputs", () => {
  it("fills in defaults and leaves out what is absent, and __provider", () => {
    assert.deepEqual(check({ emailAddress: "a@b", __provider: "text" }), {
      inputs: { emailAddress: "a@b", deleteEmptyBuckets: false },
      failures: [],
    });
  });

  it("treats null as absent, as the engine sends it", () => {
    const { inputs, failures } = check({
      emailAddress: "a@b",
      adopt: null,
      deleteEmptyBuckets: null,
    });
    assert.deepEqual(inputs, { emailAddress: "a@b", deleteEmptyBuckets: false });
    assert.deepEqual(failures, []);
  });

  it("passes unknown values of a preview, also inside a map", () => {
    const news = { emailAddress: unknown, deleteEmptyBuckets: unknown, keepers: { a: [unknown] } };
    assert.deepEqual(check(news), { inputs: news, failures: [] });
  });

  it("names a property that is missing", () => {
    assert.deepEqual(check({}).failures, [
      { property: "emailAddress", reason: "emailAddress is missing" },
    ]);
  });

  it("names every invalid property, but never its value, which may be a secret", () => {
    assert.deepEqual(check({ emailAddress: "nobody", deleteEmptyBuckets: "true" }).failures, [
      {
        property: "emailAddress",
        reason: "emailAddress must be an e-mail address such as ops@acme.example",
      },
      {
        property: "deleteEmptyBuckets",
        reason: "deleteEmptyBuckets must be true or false",
      },
    ]);
    assert.equal(
      check({ emailAddress: 5 }).failures[0]?.reason,
      "emailAddress must be an e-mail address, is 5",
    );
  });

  it("names an unknown property, and the known ones", () => {
    const { inputs, failures } = check({ emailAddress: "a@b", emial: "x" });
    assert.equal(failures.length, 1);
    assert.match(
      failures[0]?.reason ?? "",
      /^"emial": unknown property.*emailAddress, deleteEmptyBuckets/,
    );
    assert.equal(failures[0]?.property, "emial");
    assert.equal("emial" in inputs, false);
  });

  it("prints no value of keepers, which may be secrets", () => {
    const { failures } = check({ emailAddress: "a@b", keepers: "SENTINEL" });
    assert.deepEqual(failures, [{ property: "keepers", reason: "keepers must be a map" }]);
  });

  it("names a keeper that is empty, as a Date is, because it would never change", () => {
    for (const keepers of [{ when: {} }, { when: { at: {} } }, { when: [{}] }]) {
      const [failure] = check({ emailAddress: "a@b", keepers }).failures;
      assert.match(failure?.reason ?? "", /^keepers\.when must be text.*date\.toISOString\(\)$/);
    }
    for (const when of ["1", 1, 0, true, false, null, [], [1], { year: 2026 }]) {
      const { inputs, failures } = check({ emailAddress: "a@b", keepers: { when } });
      assert.deepEqual([failures, inputs["keepers"]], [[], { when }]);
    }
  });
});

describe("emailAddress", () => {
  for (const address of ["a@b", "a+b@example.com", "ü@exämple.com", `${"x".repeat(318)}@b`]) {
    it(`accepts ${address.slice(0, 40)}`, () => {
      assert.equal(emailAddress.safeParse(address).success, true);
    });
  }

  const wrong = ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "a\u0000@b", "\ud800@b", 5];
  for (const address of [...wrong, `${"x".repeat(319)}@b`]) {
    it(`refuses ${JSON.stringify(address).slice(0, 40)}`, () => {
      assert.equal(emailAddress.safeParse(address).success, false);
    });
  }
});

describe("apiId", () => {
  it("accepts one word", () => {
    assert.equal(apiId.safeParse("ca55631f9f3d59dcDF4M").success, true);
    for (const id of ["", "a b", "a\n", "é", "x".repeat(129), true]) {
      assert.equal(apiId.safeParse(id).success, false, JSON.stringify(id));
    }
  });
});
