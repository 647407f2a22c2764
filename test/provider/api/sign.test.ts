import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { encode, queryPath } from "../../../provider/api/path";
import { signV2, signV4, stringToSignV2, type Signable } from "../../../provider/api/sign";

const secretAccessKey = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123";

function hmac(text: string): string {
  return createHmac("sha1", secretAccessKey).update(text).digest("base64");
}

describe("stringToSignV2", () => {
  // Vectors of two other implementations; the dates are those of the vendor's script.
  const date = "Thu, 07 Apr 2016 16:01:03 +0300";
  const vectors = [
    ["PUT", "/?ostor-users", "qfDfSbs0oJzFpVtdS2bdlAYnjTQ="],
    ["GET", "/?ostor-buckets", "lau5GloiROz9bS5ua5eVXgLw+6U="],
    ["DELETE", "/data", "3zkJsz7mdgQykvCRt3cF5/F5rrI="],
  ] as const;
  for (const [method, resource, signature] of vectors) {
    it(`writes ${method} ${resource} as the vendor's script does`, () => {
      const text = stringToSignV2(method, date, resource);
      assert.equal(text, `${method}\n\n\n${date}\n${resource}`);
      assert.equal(hmac(text), signature);
    });
  }

  // The other two vectors sign headers that this client does not send.
  it("differs from the vectors with a content type or an x-amz header by exactly their line", () => {
    const typed = "GET\n\napplication/json\nThu, 07 Apr 2016 13:01:03 GMT\n/?ostor-usage";
    const hashed = `POST\n\n\n${date}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n/?ostor-users`;
    assert.equal(hmac(typed), "kFVMj+cPR0FluQf332NNSUnhJsc=");
    assert.equal(hmac(hashed), "sj7702vpueaaTzhPWYjwrSKh6mc=");
    assert.equal(
      stringToSignV2("GET", "Thu, 07 Apr 2016 13:01:03 GMT", "/?ostor-usage"),
      typed.replace("application/json", ""),
    );
    assert.equal(
      stringToSignV2("POST", date, "/?ostor-users"),
      hashed.replace("x-amz-content-sha256:UNSIGNED-PAYLOAD\n", ""),
    );
  });
});

describe("signV2", () => {
  const nowMs = Date.UTC(2016, 3, 7, 13, 1, 3, 999);
  const credentials = { accessKeyId: "AK", secretAccessKey };
  const sign = (path: string, resource: string) =>
    signV2({ method: "GET", path, resource, host: "s3.example.com" }, credentials, "", nowMs);

  it("sends a date in GMT and the signature that openssl computes", () => {
    assert.deepEqual(sign("/?ostor-users", "/?ostor-users"), {
      Date: "Thu, 07 Apr 2016 13:01:03 GMT",
      Authorization: "AWS AK:kXokrIZS7ppaN/MU6aqDO2feRZ4=",
    });
  });

  it("signs only the service's name, with any parameters", () => {
    assert.deepEqual(
      sign("/?ostor-users&emailAddress=a%2Bb%40example.com&genKey", "/?ostor-users"),
      sign("/?ostor-users", "/?ostor-users"),
    );
  });

  it("signs a bucket's path with the sub-resource", () => {
    assert.equal(
      sign("/data?versions&max-keys=1", "/data?versions")["Authorization"],
      "AWS AK:p4yBtr1s/rGtkhg6PDx6yOyGa1c=",
    );
  });
});

describe("signV4", () => {
  const nowMs = Date.UTC(2026, 10, 23, 1, 2, 3, 456);
  const credentials = { accessKeyId: "AK", secretAccessKey: "SK" };
  const post = (path: string): Signable => ({
    method: "POST",
    path,
    resource: "",
    host: "127.0.0.1:8080",
  });

  const vectors = [
    ["/?ostor-users", "acba1f216df477b27b5bab1e6eb7685b6af156b98149df1758f652fbb7fee478"],
    [
      "/?ostor-users&emailAddress=client%40example.com",
      "8d4bfd54e0c32080226ad7b27f4b6daced543e316125ce5ff177aff02285e70d",
    ],
    [
      "/?ostor-users&emailAddress=a%2Bb%40example.com&genKey",
      "b2c0b858df6fb22e865d90abb5fc99bb363c977e926c89538ba3c8369fd65d72",
    ],
    [
      "/?ostor-users&emailAddress=a%2Bb%40example.com&revokeKey=AB",
      "2bfece62844c34d65287521dc0ea50018dbeab89158c08f6da1ceea6a58e261c",
    ],
  ] as const;
  for (const [path, signature] of vectors) {
    it(`signs ${path} as botocore does`, () => {
      const headers = signV4(post(path), credentials, "us-east-1", nowMs);
      assert.equal(
        headers["Authorization"],
        `AWS4-HMAC-SHA256 Credential=AK/20261123/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
      );
      assert.equal(headers["X-Amz-Date"], "20261123T010203Z");
    });
  }

  it("sets no host header, and no header contains the secret", () => {
    const headers = signV4(
      post("/?ostor-users"),
      { accessKeyId: "AK", secretAccessKey },
      "us-east-1",
      nowMs,
    );
    assert.deepEqual(Object.keys(headers).sort(), [
      "Authorization",
      "X-Amz-Content-Sha256",
      "X-Amz-Date",
    ]);
    assert(!JSON.stringify(headers).includes(secretAccessKey));
  });

  const paths = [
    queryPath("ostor-users", []),
    queryPath("ostor-users", [["emailAddress", "a+b@example.com"], ["genKey"]]),
    queryPath("ostor-users", [["emailAddress", "100%@example.com"], ["disable"]]),
    queryPath("ostor-users", [["emailAddress", "ünïcode-☃-💾@example.com"]]),
    queryPath("ostor-users", [["emailAddress", "quote'(!)*~_.-@example.com"]]),
    queryPath("ostor-users", [["emailAddress", "a=b&c;d/e?f#g@example.com"], ["enable"]]),
    queryPath("ostor-buckets", [["id", "ca55631f9f3d59dc"]]),
    "/data",
    "/data?max-keys=1",
    "/data?versions&max-keys=1",
    `/${encode("bücket(1)")}?versions&max-keys=1`,
  ];
  for (const method of ["GET", "PUT", "POST", "DELETE"] as const) {
    for (const path of paths) {
      it(`signs ${method} ${path} as another implementation does`, async () => {
        const signable = { method, path, resource: "", host: "s3.example.com:8443" };
        const ours = signV4(signable, credentials, "eu-1", nowMs);
        assert.equal(ours["Authorization"], await signedByAnother(method, path));
      });
    }
  }

  async function signedByAnother(method: string, path: string): Promise<string | undefined> {
    const [pathname = "", search = ""] = path.split("?");
    const words = search === "" ? [] : search.split("&").map((word) => word.split("="));
    const query = Object.fromEntries(
      words.map(([name = "", value = ""]) => [name, decodeURIComponent(value)]),
    );
    const signer = new SignatureV4({
      service: "s3",
      region: "eu-1",
      credentials,
      sha256: Sha256,
      uriEscapePath: false,
    });
    const request = {
      method,
      protocol: "https:",
      hostname: "s3.example.com",
      path: pathname,
      query,
      headers: { host: "s3.example.com:8443" },
    };
    const signed = await signer.sign(request, { signingDate: new Date(nowMs) });
    return signed.headers["authorization"];
  }
});
