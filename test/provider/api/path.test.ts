import assert from "node:assert/strict";
import { encode, queryPath } from "../../../provider/api/path";

describe("encode", () => {
  it("keeps the unreserved characters and escapes all others", () => {
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
    const kept = encode(printable).replace(/%[0-9A-F]{2}/g, "");
    assert.equal(kept, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
    assert.equal(decodeURIComponent(encode(printable)), printable);
  });

  it("writes other alphabets as UTF-8", () => {
    assert.equal(encode("é💾"), "%C3%A9%F0%9F%92%BE");
  });

  it("replaces a lone surrogate instead of throwing", () => {
    assert.equal(encode("a\ud83d@b"), "a%EF%BF%BD%40b");
  });
});

describe("queryPath", () => {
  it("starts with the service, the only part that V2 signs", () => {
    assert.equal(
      queryPath("ostor-users", [["emailAddress", "a+b@example.com"], ["genKey"]]),
      "/?ostor-users&emailAddress=a%2Bb%40example.com&genKey",
    );
  });

  it("writes an equals sign after an empty value, but not after a flag", () => {
    assert.equal(queryPath("ostor-users", [["disable"], ["id", ""]]), "/?ostor-users&disable&id=");
  });

  it("lets no value add a parameter", () => {
    assert.equal(queryPath("s", [["id", "1&genKey=#?/"]]), "/?s&id=1%26genKey%3D%23%3F%2F");
  });
});
