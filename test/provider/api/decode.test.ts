import assert from "node:assert/strict";
import { decode } from "../../../provider/api/decode";
import { ShapeError } from "../../../provider/api/errors";
import { apiBuckets, apiUser, apiUsers } from "../../../provider/api/schemas";

const headers = { "x-amz-request-id": "9c0f", "content-type": "text/html; charset=utf-8" };

function problem(body: string, shape: Parameters<typeof decode>[2] = apiUser): string {
  try {
    decode("read user a@b", { status: 200, headers, body }, shape);
  } catch (error) {
    assert(error instanceof ShapeError);
    return error.message;
  }
  return assert.fail("it was to fail");
}

describe("decode", () => {
  it("names the attempt, the problem, the request id and the fix", () => {
    assert.equal(
      problem('{"UserEmail":"a@b"}'),
      "read user a@b: the answer is not one of an ostor service: UserId: Invalid input: expected string, received undefined (request id 9c0f); is the endpoint its S3 gateway?",
    );
  });

  it("distinguishes an empty body from one that is not JSON, and names its type", () => {
    assert.match(problem(" \n"), /: it is empty \(/);
    assert.match(problem("<html>"), /: it is not JSON \(text\/html; charset=utf-8\) \(/);
    const bare = { status: 200, headers: {}, body: "?" };
    assert.throws(() => decode("x", bare, apiUser), /it is not JSON \(no content type\); is/);
  });

  it("names the body if the whole body has another type", () => {
    assert.match(problem("null"), /: the body: Invalid input/);
  });

  it("names the path inside a list, in each of its shapes", () => {
    assert.match(problem('[{"UserEmail":"a@b","UserId":5}]', apiUsers), /: 0\.UserId: /);
    assert.match(problem('{"Users":[{"UserId":"5"}]}', apiUsers), /: Users\.0\.UserEmail: /);
    assert.match(problem('{"users":[{"UserId":"5"}]}', apiUsers), /: users\.0\.UserEmail: /);
  });

  it("prints no value of a body, which may be a secret", () => {
    const pairs = [
      { AWSAccessKeyId: "SENTINEL", AWSSecretAccessKey: ["SENTINEL"] },
      { AWSAccessKeyId: 5, AWSSecretAccessKey: "SENTINEL" },
      { AWSAccessKeyId: "", AWSSecretAccessKey: "SENTINEL" },
      "SENTINEL",
    ];
    for (const pair of pairs) {
      const user = { UserEmail: "a@b", UserId: "1", AWSAccessKeys: [pair] };
      for (const text of [
        problem(JSON.stringify(user)),
        problem(JSON.stringify([user]), apiUsers),
        problem(JSON.stringify({ Users: [user] }), apiUsers),
        problem(`${JSON.stringify(user)} and more`),
      ]) {
        assert(!text.includes("SENTINEL"), text);
      }
    }
  });

  it("names the field of a bucket that does not match", () => {
    const bucket = { name: "b", creation_date: "2018", owner_id: "1", size: { current: "12" } };
    assert.match(
      problem(JSON.stringify({ Buckets: [bucket] }), apiBuckets),
      /: Buckets\.0\.size\.current: /,
    );
  });
});
