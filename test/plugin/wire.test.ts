import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { bagOf, markLike, plainOf, structOf, unknownMarkers } from "../../provider/plugin/wire";
import type { Bag } from "../../provider/resources/lifecycle";
import { isSecret, secret } from "../../provider/resources/secret";
import { isUnknown, unknownMarker } from "../../provider/settings/unknown";

/** Properties after the way over the wire. */
function sent(bag: Bag): Bag {
  return bagOf(Struct.deserializeBinary(structOf(bag).serializeBinary()));
}

const keys = fc.string().filter((name) => name !== "__proto__");
const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 3 }),
  ),
}));
const anyBag = fc.dictionary(keys, anyValue, { noNullPrototype: true });

/** The value with some of its parts marked as secret. */
function withSecrets(value: unknown, choose: () => boolean): unknown {
  const inner = Array.isArray(value)
    ? value.map((each) => withSecrets(each, choose))
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([name, each]) => [name, withSecrets(each, choose)]),
        )
      : value;
  return choose() ? secret(inner) : inner;
}

function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

describe("properties on the wire", () => {
  it("arrive as they were sent", () => {
    fc.assert(
      fc.property(anyBag, (bag) => {
        assert.deepEqual(sent(bag), JSON.parse(JSON.stringify(bag)));
      }),
    );
  });

  it("leave out undefined, and keep null", () => {
    const bag = { a: undefined, b: null, c: { d: undefined, e: null }, f: [undefined, null] };
    assert.deepEqual(sent(bag), { b: null, c: { e: null }, f: [null, null] });
    assert.deepEqual(bagOf(undefined), {});
  });

  it("are plain values for life cycles, however deep a secret is", () => {
    fc.assert(
      fc.property(anyBag, fc.infiniteStream(fc.boolean()), (bag, stream) => {
        const choose = () => stream.next().value === true;
        const marked = Object.fromEntries(
          Object.entries(bag).map(([name, value]) => [name, withSecrets(value, choose)]),
        );
        const plain = plainOf(sent(marked));
        assert(!hasSecret(plain));
        assert.deepEqual(plain, plainOf(sent(bag)));
      }),
    );
  });

  it("without null at the top: it counts as absent", () => {
    assert.deepEqual(plainOf({ a: null, b: secret(null), c: { d: null } }), { c: { d: null } });
  });

  it("have one marker for all unknown values", () => {
    assert.equal(new Set(unknownMarkers).size, 7);
    for (const marker of unknownMarkers) {
      const plain = plainOf(sent({ a: marker, b: { c: [marker] }, d: secret(marker) }));
      assert.deepEqual(plain, { a: unknownMarker, b: { c: [unknownMarker] }, d: unknownMarker });
      assert(isUnknown(plain.a));
    }
  });
});

describe("markLike", () => {
  it("marks again what was secret, at its place", () => {
    fc.assert(
      fc.property(anyBag, fc.infiniteStream(fc.boolean()), (bag, stream) => {
        const choose = () => stream.next().value === true;
        const marked = Object.fromEntries(
          Object.entries(bag).map(([name, value]) => [name, withSecrets(value, choose)]),
        );
        const again = markLike(bag, marked) as Bag;
        assert.deepEqual(plainOf(again), plainOf(bag));
        for (const [name, value] of Object.entries(marked)) {
          assert.equal(hasSecret(again[name]), hasSecret(value), name);
        }
      }),
    );
  });

  it("marks nothing twice, and nothing that is absent", () => {
    const model = { a: secret("x"), b: secret("y") };
    assert.deepEqual(markLike({ a: secret("1"), b: undefined }, model), {
      a: secret("1"),
      b: undefined,
    });
    assert.deepEqual(markLike({ toString: "1" }, {}), { toString: "1" });
  });
});
