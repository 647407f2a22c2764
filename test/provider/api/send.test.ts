import assert from "node:assert/strict";
import { ApiError, NetworkError, ShapeError } from "../../../provider/api/errors";
import { createSend, type Call, type Send, type SendOptions } from "../../../provider/api/send";
import type { RawAnswer, Transport } from "../../../provider/api/transport";
import type { RawSettings } from "../../../provider/settings/settings";
import { clientOf, failureOf, settingsOf, useEmulator } from "../harness";

const reads: Call = {
  method: "GET",
  attempt: "list users",
  path: "/?ostor-users",
  resource: "/?ostor-users",
  repeatable: true,
};
const writes: Call = { ...reads, method: "PUT", attempt: "create user a@b", repeatable: false };
const ok: RawAnswer = { status: 200, headers: {}, body: "[]" };

function refused(status: number, code = "", headers: Record<string, string> = {}): RawAnswer {
  return { status, headers: { ...headers, "x-amz-err-code": code }, body: "" };
}

function torn(code: string): NetworkError {
  return new NetworkError("x", "http://s3", Object.assign(new Error(code), { code }));
}

/** A `send` on a transport with prepared answers, and the requests that it got. */
function scripted(
  script: (RawAnswer | NetworkError)[],
  raw: RawSettings = {},
  options: SendOptions = {},
): { send: Send; sent: Record<string, string>[]; versions: () => string[] } {
  const sent: Record<string, string>[] = [];
  const transport: Transport = {
    send: (_attempt, { headers }) => {
      sent.push(headers);
      const next = script[sent.length - 1] ?? assert.fail("asked once more than scripted");
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    close: () => Promise.resolve(),
  };
  const settings = settingsOf({ endpoint: "http://s3.example.com", ...raw });
  const send = createSend(settings, transport, { retryBaseMs: 1, ...options });
  const versions = () =>
    sent.map(({ Authorization }) => (Authorization?.startsWith("AWS4-") ? "v4" : "v2"));
  return { send, sent, versions };
}

async function apiFailure(work: Promise<unknown>): Promise<ApiError> {
  const error = await failureOf(work);
  assert(error instanceof ApiError, error.message);
  return error;
}

describe("createSend", () => {
  it("treats each 2xx as success", async () => {
    for (const status of [200, 203, 204]) {
      const { send } = scripted([{ ...ok, status }]);
      assert.equal((await send(reads)).status, status);
    }
  });

  it("never treats a web page as success, also if no body is expected", async () => {
    for (const body of ["<!DOCTYPE html>\n<html></html>", "  <HTML><body>hello"]) {
      const { send } = scripted([{ ...ok, body }]);
      const error = await failureOf(
        send({ ...reads, method: "POST", attempt: "disable user a@b" }),
      );
      assert(error instanceof ShapeError);
      assert.match(error.message, /^disable user a@b: .*it is not JSON \(.*\) but a web page/);
    }
  });

  it("treats a redirect as a refusal", async () => {
    const { send } = scripted([refused(302)]);
    assert.equal((await apiFailure(send(reads))).status, 302);
  });

  it("hides both secrets in the service's text", async () => {
    const echo = { "x-amz-err-message": "AdministratorSecret OwnersSecret" };
    const { send } = scripted([refused(409, "", echo)], { secretAccessKey: "AdministratorSecret" });
    const credentials = { accessKeyId: "OWNER", secretAccessKey: "OwnersSecret" };
    const error = await apiFailure(send({ ...reads, credentials }));
    assert.equal(error.serviceMessage, "[secret] [secret]");
  });

  it("signs with the key of the call instead of the administrator's", async () => {
    const { send, sent } = scripted([ok]);
    await send({ ...reads, credentials: { accessKeyId: "OWNER", secretAccessKey: "S" } });
    assert.match(sent[0]?.["Authorization"] ?? "", /Credential=OWNER\//);
  });

  it("treats a 200 that contains an error as a failure, and retries if that is safe", async () => {
    const body = '<?xml version="1.0"?><Error><Code>InternalError</Code></Error>';
    const failing = { ...ok, body };
    const { send, sent } = scripted([failing, ok]);
    assert.equal(await send(reads), ok);
    assert.equal(sent.length, 2);
    const once = scripted([{ ...ok, headers: { "x-amz-err-code": "SlowDown" } }]);
    assert.equal((await apiFailure(once.send(writes))).code, "SlowDown");
    const empty = { ...ok, headers: { "x-amz-err-code": "" } };
    assert.equal(await scripted([empty]).send(reads), empty);
  });

  describe("retries", () => {
    for (const [name, failure] of [
      ["a 503", refused(503)],
      ["a 500", refused(500)],
      ["a 429", refused(429)],
      ["a cut connection", torn("ECONNRESET")],
      ["a time-out", torn("UND_ERR_HEADERS_TIMEOUT")],
      ["a refused connection", torn("ECONNREFUSED")],
    ] as const) {
      it(`a read after ${name}`, async () => {
        const { send, sent } = scripted([failure, failure, ok]);
        assert.equal(await send(reads), ok);
        assert.equal(sent.length, 3);
      });
    }

    it("no read after a permanent refusal", async () => {
      for (const status of [400, 404, 409]) {
        const { send, sent } = scripted([refused(status)], { signatureVersion: "v4" });
        assert.equal((await apiFailure(send(reads))).status, status);
        assert.equal(sent.length, 1);
      }
    });

    it("maxRetries times, then reports the last failure", async () => {
      const { send, sent } = scripted([refused(500), refused(502), refused(503)], {
        ...{ maxRetries: "2", signatureVersion: "v4" },
      });
      assert.equal((await apiFailure(send(reads))).status, 503);
      assert.equal(sent.length, 3);
    });

    it("nothing if maxRetries is 0", async () => {
      const { send, sent } = scripted([refused(503)], { maxRetries: "0", signatureVersion: "v4" });
      await apiFailure(send(reads));
      assert.equal(sent.length, 1);
    });

    it("no write that may have been carried out", async () => {
      for (const failure of [refused(503), refused(429), torn("ECONNRESET")]) {
        const { send, sent } = scripted([failure]);
        await failureOf(send(writes));
        assert.equal(sent.length, 1);
      }
    });

    it("a write whose connection was never open", async () => {
      const { send, sent } = scripted([torn("ECONNREFUSED"), torn("ENOTFOUND"), ok]);
      assert.equal(await send(writes), ok);
      assert.equal(sent.length, 3);
    });

    it("with a new signature for each attempt", async () => {
      let nowMs = Date.UTC(2026, 10, 23);
      const { send, sent } = scripted(
        [refused(503), ok],
        { signatureVersion: "v4" },
        { now: () => (nowMs += 1000) },
      );
      await send(reads);
      assert.deepEqual(
        sent.map((headers) => headers["X-Amz-Date"]),
        ["20261123T000001Z", "20261123T000002Z"],
      );
      assert.notEqual(sent[0]?.["Authorization"], sent[1]?.["Authorization"]);
    });

    it("after the time that Retry-After asks for", async () => {
      const forced = { signatureVersion: "v4" };
      const patient = scripted([refused(503, "", { "retry-after": "0.3" }), ok], forced);
      const start = performance.now();
      await patient.send(reads);
      assert(performance.now() - start >= 295);

      const slow = { retryBaseMs: 1_000_000 };
      const { send } = scripted([refused(503, "", { "retry-after": "0" }), ok], forced, slow);
      await send(reads);
    });
  });

  describe("in auto", () => {
    it("starts with V4 and keeps it", async () => {
      const { send, versions } = scripted([ok, ok]);
      await send(reads);
      await send(reads);
      assert.deepEqual(versions(), ["v4", "v4"]);
    });

    it("falls back to V2 once and keeps it", async () => {
      const { send, versions } = scripted([refused(403, "SignatureDoesNotMatch"), ok, ok]);
      await send(reads);
      await send(writes);
      assert.deepEqual(versions(), ["v4", "v2", "v2"]);
    });

    for (const rejection of [
      refused(401),
      refused(403),
      refused(403, "AccessDenied"),
      refused(400, "InvalidRequest"),
      refused(400, "AuthorizationHeaderMalformed"),
      refused(400, "InvalidArgument"),
      refused(400),
      refused(403, "InvalidAccessKeyId"),
      refused(501),
    ]) {
      it(`tries V2 after ${rejection.status} ${rejection.headers["x-amz-err-code"] ?? ""}`, async () => {
        const { send, versions } = scripted([rejection, ok]);
        assert.equal(await send(reads), ok);
        assert.deepEqual(versions(), ["v4", "v2"]);
      });
    }

    for (const answer of [
      refused(403, "RequestTimeTooSkewed"),
      refused(404, "NoSuchUser"),
      refused(307),
      refused(409),
      refused(429),
    ]) {
      it(`does not try V2 after ${answer.status} ${answer.headers["x-amz-err-code"] ?? ""}`, async () => {
        const { send, versions } = scripted([answer], { maxRetries: "0" });
        await apiFailure(send(reads));
        assert.deepEqual(versions(), ["v4"]);
      });
    }

    it("reports both failures if either the version or the key may be wrong", async () => {
      const { send } = scripted([
        refused(400, "InvalidArgument"),
        refused(403, "SignatureDoesNotMatch"),
      ]);
      const { message } = await apiFailure(send(reads));
      assert.match(
        message,
        /answered 400 InvalidArgument; signed with V2: 403 SignatureDoesNotMatch \(signatureVersion auto\)$/,
      );
    });

    it("does not try V2 after V4 has succeeded", async () => {
      const { send, versions } = scripted([ok, refused(403, "AccessDenied")]);
      await send(reads);
      await apiFailure(send(reads));
      assert.deepEqual(versions(), ["v4", "v4"]);
    });

    it("reports the more specific refusal if both versions are refused", async () => {
      const bare = refused(403);
      const wrong = refused(403, "SignatureDoesNotMatch");
      const denied = refused(403, "AccessDenied");
      for (const [first, second, code] of [
        [wrong, bare, "SignatureDoesNotMatch"],
        [bare, wrong, "SignatureDoesNotMatch"],
        [wrong, denied, "AccessDenied"],
        [wrong, refused(400, "InvalidRequest"), "SignatureDoesNotMatch"],
        [bare, bare, ""],
        [refused(400, "InvalidArgument"), denied, "InvalidArgument"],
        [refused(400, "InvalidArgument"), wrong, "InvalidArgument"],
        [wrong, refused(400, "InvalidArgument"), "InvalidArgument"],
        [refused(400, "InvalidRequest"), denied, "AccessDenied"],
        [refused(501), bare, ""],
        [refused(400), refused(404, "NoSuchUser"), "NoSuchUser"],
      ] as const) {
        const { send } = scripted([first, second], { maxRetries: "0" });
        assert.equal((await apiFailure(send(reads))).code, code);
      }
    });

    it("reports V2's failure if that is not a rejected signature", async () => {
      const { send } = scripted([
        refused(403, "SignatureDoesNotMatch"),
        refused(404, "NoSuchUser"),
      ]);
      assert.equal((await apiFailure(send(reads))).status, 404);
    });

    it("retries a read whose fallback lost its connection", async () => {
      const rejected = refused(403, "SignatureDoesNotMatch");
      const { send, versions } = scripted([rejected, torn("ECONNRESET"), rejected, ok]);
      assert.equal(await send(reads), ok);
      assert.deepEqual(versions(), ["v4", "v2", "v4", "v2"]);
    });

    it("reports an unknown outcome for a write whose fallback lost its connection", async () => {
      const rejected = refused(403, "SignatureDoesNotMatch");
      const { send } = scripted([rejected, torn("ECONNRESET")]);
      assert((await failureOf(send(writes))) instanceof NetworkError);
    });
  });

  for (const version of ["v4", "v2"] as const) {
    it(`uses only ${version} if it is forced`, async () => {
      const { send, versions } = scripted([refused(403, "SignatureDoesNotMatch")], {
        signatureVersion: version,
      });
      await apiFailure(send(reads));
      assert.deepEqual(versions(), [version]);
    });
  }
});

describe("a client of a cluster that accepts only V2", () => {
  const setup = useEmulator({ assumptions: { signatureVersions: ["v2"] } });

  it("detects this with its first request and then signs with V2", async () => {
    const client = clientOf(setup.cluster);
    await client.listUsers();
    await client.listUsers();
    assert.deepEqual(
      setup.emulator.requests.map(({ signatureVersion, status }) => [signatureVersion, status]),
      [
        ["v4", 403],
        ["v2", 200],
        ["v2", 200],
      ],
    );
  });

  it("detects this for all of the first requests at the same time", async () => {
    const client = clientOf(setup.cluster);
    const all = await Promise.all(Array.from({ length: 8 }, () => client.listUsers()));
    assert.equal(all.length, 8);
  });

  it("reports a missing user as missing with its first request", async () => {
    assert.equal(await clientOf(setup.cluster).getUser("nobody@example.com"), undefined);
  });

  it("reports the rejection if V4 is forced", async () => {
    const client = clientOf(setup.open({ signatureVersion: "v4" }));
    const error = await apiFailure(client.listUsers());
    assert.match(error.message, /Signature Version 4 is not accepted/);
  });
});

describe("a client of a cluster that accepts only V4", () => {
  const setup = useEmulator({ assumptions: { signatureVersions: ["v4"] } });

  it("never sends V2 in auto", async () => {
    await clientOf(setup.cluster).listUsers();
    assert.deepEqual(
      setup.emulator.requests.map(({ signatureVersion }) => signatureVersion),
      ["v4"],
    );
  });

  it("reports the rejection if V2 is forced", async () => {
    const client = clientOf(setup.open({ signatureVersion: "v2" }));
    const error = await apiFailure(client.listUsers());
    assert.match(error.message, /Signature Version 2 is not accepted/);
  });
});

describe("a client with the wrong secret", () => {
  const setup = useEmulator();

  it("tries both versions and reports that the signature does not match", async () => {
    const client = clientOf(setup.open({ secretAccessKey: "wrong" }));
    const error = await apiFailure(client.listUsers());
    assert.equal(error.code, "SignatureDoesNotMatch");
    assert.equal(setup.emulator.requests.length, 2);
  });
});
