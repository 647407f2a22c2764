import assert from "node:assert/strict";
import { readRefusal } from "../../../provider/api/refusal";

function read(headers: Record<string, string>, body = "", hide: string[] = []) {
  return readRefusal({ status: 409, headers, body }, hide);
}

const xml = (code: string, message: string) =>
  `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

describe("readRefusal", () => {
  it("prefers code and message from the headers", () => {
    const headers = { "x-amz-err-code": "Conflict", "x-amz-err-message": "two keys" };
    const { code, message } = read(headers, xml("Other", "else"));
    assert.deepEqual({ code, message }, { code: "Conflict", message: "two keys" });
  });

  it("reads from the body what the headers omit", () => {
    const { code, message } = read({ "x-amz-err-message": "two keys" }, xml("KeyLimit", "else"));
    assert.deepEqual({ code, message }, { code: "KeyLimit", message: "two keys" });
  });

  it("reads an S3 error in XML, numbers and entities too", () => {
    const { code, message } = read({}, xml("404", "no &lt;user&gt;"));
    assert.deepEqual({ code, message }, { code: "404", message: "no <user>" });
  });

  for (const body of ['{"code":"C","message":"M"}', ' {"Code":"C","Message":"M"}']) {
    it(`reads JSON as in ${body}`, () => {
      const { code, message } = read({}, body);
      assert.deepEqual({ code, message }, { code: "C", message: "M" });
    });
  }

  const silent: [string, string][] = [
    ["a page of HTML", "<!DOCTYPE html><Error><Code>no</Code></Error>"],
    ["HTML in capitals", "<HTML><body>Bad gateway</body></HTML>"],
    ["broken XML", "<Error><Code>half"],
    ["XML of something else", "<Fault><Code>half</Code></Fault>"],
    ["broken JSON", '{"code":'],
    ["JSON with values of other kinds", '{"code":{"a":1},"message":["x"]}'],
    ["plain text", "upstream connect error"],
    ["nothing", ""],
  ];
  for (const [name, body] of silent) {
    it(`finds no code and no message in ${name}`, () => {
      assert.deepEqual(read({}, body), {
        status: 409,
        code: "",
        message: "",
        requestId: "",
        retryAfterMs: undefined,
      });
    });
  }

  it("keeps the request id", () => {
    assert.equal(read({ "x-amz-request-id": "9c0f12317b4584eb" }).requestId, "9c0f12317b4584eb");
  });

  it("hides secrets that the service repeats anywhere", () => {
    const headers = {
      "x-amz-err-message": "signed with TOPSECRET",
      "x-amz-request-id": "TOPSECRET",
    };
    const refusal = read(headers, xml("TOPSECRET-OTHER", ""), ["TOPSECRET", "OTHER"]);
    assert.equal(refusal.message, "signed with [secret]");
    assert.equal(refusal.code, "[secret]-[secret]");
    assert.equal(refusal.requestId, "[secret]");
  });

  it("leaves no part of a secret in a message that is cut", () => {
    const { message } = read({ "x-amz-err-message": `${"x".repeat(290)}TOPSECRETKEY` }, "", [
      "TOPSECRETKEY",
    ]);
    assert(!message.includes("TOP"), message);
  });

  it("turns a message with line breaks and control characters into one short line", () => {
    const { message } = read({}, xml("C", `a\n\tb\u001b[31mc\u2028d${"e".repeat(1000)}`));
    assert.match(message, /^a b \[31mc de+…$/);
    assert(message.length <= 301);
  });

  it("reads Retry-After as seconds", () => {
    assert.equal(read({ "retry-after": "2" }).retryAfterMs, 2000);
    assert.equal(read({ "retry-after": "-5" }).retryAfterMs, 0);
  });

  it("reads Retry-After as a date, and a past date as zero", () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const pauseMs = read({ "retry-after": inAMinute }).retryAfterMs ?? 0;
    assert(pauseMs > 50_000 && pauseMs <= 60_000, String(pauseMs));
    assert.equal(read({ "retry-after": "Thu, 07 Apr 2016 13:01:03 GMT" }).retryAfterMs, 0);
  });

  it("ignores a malformed Retry-After", () => {
    for (const value of ["soon", "", " "]) {
      assert.equal(read({ "retry-after": value }).retryAfterMs, undefined);
    }
  });
});
