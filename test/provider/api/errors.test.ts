import assert from "node:assert/strict";
import { oneLine } from "../../../provider/text/plain";
import {
  ApiError,
  isAmbiguous,
  isNotFound,
  isRejected,
  isTransient,
  NetworkError,
  ShapeError,
} from "../../../provider/api/errors";

const refusal = { code: "", message: "", requestId: "" };
const api = (status: number) => new ApiError("create user a@b", { ...refusal, status });
const network = (code: string) =>
  new NetworkError("create user a@b", "https://s3", Object.assign(new Error("boom"), { code }));
const shape = new ShapeError("create user a@b", "it is empty", "9c0f");

describe("ApiError", () => {
  it("names attempt, status, code, message and request", () => {
    const error = new ApiError("create user a@b", {
      status: 409,
      code: "UserAlreadyExists",
      message: "it exists",
      requestId: "9c0f",
      retryAfterMs: 5,
    });
    assert.equal(
      error.message,
      "create user a@b: the service answered 409 UserAlreadyExists: it exists (request id 9c0f)",
    );
    assert.deepEqual(
      [error.status, error.code, error.serviceMessage, error.requestId, error.retryAfterMs],
      [409, "UserAlreadyExists", "it exists", "9c0f", 5],
    );
  });

  it("omits what the answer does not contain", () => {
    assert.equal(api(502).message, "create user a@b: the service answered 502");
  });
});

describe("NetworkError", () => {
  it("names the endpoint and the reason in one line", () => {
    const error = new NetworkError("list users", "https://s3", new Error("socket\nhang up"));
    assert.equal(error.message, "list users: no answer from https://s3 (socket hang up)");
    assert.equal(error.sent, true);
  });

  it("uses the code if a reason has no text, and accepts any thrown value", () => {
    const silent = Object.assign(new Error(""), { code: "EPIPE" });
    assert.match(new NetworkError("x", "y", silent).message, /\(EPIPE\)$/);
    assert.match(new NetworkError("x", "y", "torn").message, /\(torn\)$/);
  });

  it("knows when the service did not receive the request", () => {
    assert.equal(network("ECONNREFUSED").sent, false);
    assert.equal(network("ENOTFOUND").sent, false);
    assert.equal(network("CERT_HAS_EXPIRED").sent, false);
    assert.equal(network("ECONNRESET").sent, true);
    assert.equal(network("UND_ERR_HEADERS_TIMEOUT").sent, true);
  });

  it("uses the first of several failed addresses", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1"), { code: "ECONNREFUSED" });
    const error = new NetworkError("x", "y", new AggregateError([refused, new Error("other")]));
    assert.equal(error.sent, false);
    assert.match(error.message, /\(connect ECONNREFUSED ::1\)$/);
  });
});

describe("the predicates of failures", () => {
  const table: [string, unknown, [boolean, boolean, boolean, boolean]][] = [
    // not found, rejected, transient, ambiguous
    ["400", api(400), [false, false, false, false]],
    ["401", api(401), [false, true, false, false]],
    ["403", api(403), [false, true, false, false]],
    ["404", api(404), [true, false, false, false]],
    ["409", api(409), [false, false, false, false]],
    ["429", api(429), [false, false, true, true]],
    ["500", api(500), [false, false, true, true]],
    ["503", api(503), [false, false, true, true]],
    ["no answer", network("ECONNRESET"), [false, false, true, true]],
    ["another shape", shape, [false, false, false, true]],
    ["a mistake", new Error("x"), [false, false, false, false]],
    ["no error", undefined, [false, false, false, false]],
  ];
  for (const [name, error, expected] of table) {
    it(`classifies ${name}`, () => {
      assert.deepEqual(
        [isNotFound(error), isRejected(error), isTransient(error), isAmbiguous(error)],
        expected,
      );
    });
  }
});

describe("oneLine", () => {
  it("removes control characters, and cuts long text", () => {
    assert.equal(oneLine("  a\r\n\u0007b\u009bc\u2029 d "), "a b c d");
    assert.equal(oneLine("x".repeat(300)), "x".repeat(300));
    assert.equal(oneLine("x".repeat(301)), `${"x".repeat(300)}…`);
  });
});
