import assert from "node:assert/strict";

import { compareKeys, type ListQuery, takePage } from "../../../emulator/s3/listing";

const everything: ListQuery = { prefix: "", delimiter: "", maxKeys: 1000, after: "" };
const listed = ["a", "b/1", "b/2", "b/c/3", "b0", "d/4", "e"].map((key) => ({ key }));

function page(query: Partial<ListQuery>) {
  const { items, commonPrefixes, truncated, last } = takePage(listed, { ...everything, ...query });
  return { keys: items.map(({ key }) => key), commonPrefixes, truncated, last };
}

describe("takePage", () => {
  it("lists all", () => {
    const keys = listed.map(({ key }) => key);
    assert.deepEqual(page({}), { keys, commonPrefixes: [], truncated: false, last: "e" });
  });

  it("lists what has a prefix", () => {
    assert.deepEqual(page({ prefix: "b/" }).keys, ["b/1", "b/2", "b/c/3"]);
    assert.deepEqual(page({ prefix: "x" }).keys, []);
  });

  it("groups by a delimiter after the prefix", () => {
    const top = page({ delimiter: "/" });
    assert.deepEqual(
      [top.keys, top.commonPrefixes],
      [
        ["a", "b0", "e"],
        ["b/", "d/"],
      ],
    );
    const below = page({ delimiter: "/", prefix: "b/" });
    assert.deepEqual([below.keys, below.commonPrefixes], [["b/1", "b/2"], ["b/c/"]]);
  });

  it("returns nothing for max-keys 0, and is not truncated", () => {
    assert.deepEqual(page({ maxKeys: 0 }), {
      ...{ keys: [], commonPrefixes: [], truncated: false, last: "" },
    });
  });

  for (const maxKeys of [1, 2, 3, 4]) {
    it(`returns each key and each group once in pages of ${maxKeys}`, () => {
      for (const delimiter of ["", "/"]) {
        const whole = page({ delimiter });
        const found: string[] = [];
        let current = page({ maxKeys, delimiter });
        found.push(...current.keys, ...current.commonPrefixes);
        while (current.truncated) {
          current = page({ maxKeys, delimiter, after: current.last });
          found.push(...current.keys, ...current.commonPrefixes);
        }
        assert.deepEqual(found.sort(), [...whole.keys, ...whole.commonPrefixes].sort());
      }
    });
  }

  it("continues between the versions of one key", () => {
    const versions = ["null", "v2", "v1"].map((id) => ({ key: "a", id }));
    const rest = takePage(versions, { ...everything, after: "a", afterId: "null" });
    assert.deepEqual(
      rest.items.map(({ id }) => id),
      ["v2", "v1"],
    );
    assert.deepEqual(takePage(versions, { ...everything, after: "a" }).items, []);
  });

  it("sorts by the bytes of UTF-8, not by UTF-16", () => {
    const keys = ["\u{1F600}", "\uFB01", "z", "é"];
    assert.deepEqual(keys.sort(compareKeys), ["z", "é", "\uFB01", "\u{1F600}"]);
  });
});
