import assert from "node:assert/strict";

import {
  canonicalResource,
  signatureV2,
  stringsToSignV2,
} from "../../../emulator/auth/signatureV2";
import { parseRequest } from "../../../emulator/http/request";

const secret = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123";
const zoned = "Thu, 07 Apr 2016 16:01:03 +0300";

function request(method: string, url: string, headers: Record<string, string> = {}) {
  const rawHeaders = Object.entries(headers).flat();
  return parseRequest({ method, url, rawHeaders }, Buffer.alloc(0), true);
}

describe("signatureV2", () => {
  const authorization = { Authorization: "AWS AK:x" };
  const vectors: [string, string, Record<string, string>, string, string][] = [
    [
      "PUT",
      "/?ostor-users&emailAddress=client@example.com",
      { Date: zoned },
      `PUT\n\n\n${zoned}\n/?ostor-users`,
      "qfDfSbs0oJzFpVtdS2bdlAYnjTQ=",
    ],
    [
      "GET",
      "/?ostor-buckets",
      { Date: zoned },
      `GET\n\n\n${zoned}\n/?ostor-buckets`,
      "lau5GloiROz9bS5ua5eVXgLw+6U=",
    ],
    [
      "POST",
      "/?ostor-users&emailAddress=a%40b&genKey",
      { Date: zoned, "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" },
      `POST\n\n\n${zoned}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n/?ostor-users`,
      "sj7702vpueaaTzhPWYjwrSKh6mc=",
    ],
    [
      "GET",
      "/?ostor-usage&obj=s3-usage",
      { Date: "Thu, 07 Apr 2016 13:01:03 GMT", "Content-Type": "application/json" },
      "GET\n\napplication/json\nThu, 07 Apr 2016 13:01:03 GMT\n/?ostor-usage",
      "kFVMj+cPR0FluQf332NNSUnhJsc=",
    ],
    [
      "DELETE",
      "/data",
      { Date: zoned },
      `DELETE\n\n\n${zoned}\n/data`,
      "3zkJsz7mdgQykvCRt3cF5/F5rrI=",
    ],
  ];
  for (const [method, url, headers, text, signature] of vectors) {
    it(`signs ${method} ${url} as two other implementations do`, () => {
      const [toSign] = stringsToSignV2(request(method, url, { ...headers, ...authorization }));
      assert.equal(toSign, text);
      assert.equal(signatureV2(secret, text), signature);
    });
  }

  it("leaves the date line empty when x-amz-date is signed as a header", () => {
    const headers = { Date: zoned, "x-amz-date": "20160407T130103Z", ...authorization };
    assert.deepEqual(stringsToSignV2(request("GET", "/?ostor-users", headers)), [
      "GET\n\n\n\nx-amz-date:20160407T130103Z\n/?ostor-users",
    ]);
  });

  it("sorts x-amz headers and joins repeated ones", () => {
    const rawHeaders = ["X-Amz-Meta-B", "2", "X-Amz-Meta-A", "1", "x-amz-meta-b", "3"];
    const head = {
      method: "PUT",
      url: "/b/k",
      rawHeaders: [...rawHeaders, "Authorization", "AWS"],
    };
    assert.deepEqual(stringsToSignV2(parseRequest(head, Buffer.alloc(0), true)), [
      "PUT\n\n\n\nx-amz-meta-a:1\nx-amz-meta-b:2,3\n/b/k",
    ]);
  });

  it("accepts the path of a bucket with a final slash", () => {
    const texts = stringsToSignV2(request("PUT", "/data?acl", { Date: zoned, ...authorization }));
    assert.deepEqual(texts, [`PUT\n\n\n${zoned}\n/data?acl`, `PUT\n\n\n${zoned}\n/data/?acl`]);
  });

  const resources: [string, string][] = [
    ["/?emailAddress=a&ostor-users", "/?ostor-users"],
    ["/?ostor-users=", "/?ostor-users"],
    ["/b?versions&prefix=a&max-keys=1", "/b?versions"],
    ["/b?location=", "/b?location"],
    ["/b/a%20b/c?versionId=v%2F1&uploads", "/b/a%20b/c?uploads&versionId=v/1"],
    ["/b?prefix=a", "/b"],
  ];
  for (const [url, resource] of resources) {
    it(`signs ${resource} for ${url}`, () => {
      assert.equal(canonicalResource(request("GET", url)), resource);
    });
  }
});
