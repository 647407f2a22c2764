import assert from "node:assert/strict";
import { createClient } from "../../../provider/api/client";
import type { RequestListener } from "node:http";
import { NetworkError } from "../../../provider/api/errors";
import type { RawSettings } from "../../../provider/settings/settings";
import { failureOf, settingsOf, withWebServer } from "../harness";

/** Reads the list of users from a web server; returns the failure and the number of requests. */
async function ask(listener: RequestListener, raw: RawSettings) {
  let asked = 0;
  let failure = new Error("none");
  const counting: RequestListener = (request, response) => {
    asked += 1;
    listener(request, response);
  };
  await withWebServer(counting, async (endpoint) => {
    const session = createClient(settingsOf({ endpoint, ...raw }), { retryBaseMs: 1 });
    failure = await failureOf(session.listUsers());
    await session.close();
  });
  return { failure, asked };
}

const drip: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write(" "), 10);
  response.on("close", () => {
    clearInterval(timer);
  });
};

describe("the time limit of an attempt", () => {
  it("ends a slow answer, and allows a retry", async () => {
    const { failure, asked } = await ask(drip, { timeoutSeconds: "1", maxRetries: "1" });
    assert(failure instanceof NetworkError);
    assert.equal(failure.failure, "timeout");
    assert.match(failure.message, /\(timeout: no complete answer within 1 s\)$/);
    assert.equal(failure.sent, true);
    assert.equal(asked, 2);
  });

  it("does not count the wait for a connection", async () => {
    const slow: RequestListener = (_, response) => {
      setTimeout(() => response.end("[]"), 800);
    };
    await withWebServer(slow, async (endpoint) => {
      const raw = { endpoint, timeoutSeconds: "2", maxConcurrency: "1", maxRetries: "0" };
      const client = createClient(settingsOf(raw));
      await Promise.all(Array.from({ length: 4 }, () => client.listUsers()));
      await client.close();
    });
  });
});

describe("the deadline of an operation", () => {
  it("ends the running attempt", async () => {
    const raw = { timeoutSeconds: "2", deadlineSeconds: "3", maxRetries: "20" };
    const { failure, asked } = await ask(() => undefined, raw);
    assert(failure instanceof NetworkError);
    assert.equal(failure.failure, "deadline");
    assert.match(failure.message, /\(deadline: no complete answer within 3 s\)$/);
    assert.equal(asked, 2);
  });

  it("starts no attempt without enough time, and reports the last failure", async () => {
    const busy: RequestListener = (_, response) => {
      response.writeHead(503, { "Retry-After": "0.75" }).end();
    };
    const { failure, asked } = await ask(busy, {
      timeoutSeconds: "2",
      deadlineSeconds: "2",
      maxRetries: "20",
      signatureVersion: "v4",
    });
    assert.match(failure.message, /^list users: the service answered 503$/);
    assert(asked >= 2 && asked <= 3, String(asked));
  });

  it("fails at once if Retry-After asks for more than the remaining time, and names it", async () => {
    const busy: RequestListener = (_, response) => {
      response.writeHead(429, { "Retry-After": "3600" }).end();
    };
    const { failure, asked } = await ask(busy, {});
    assert.equal(failure.message, "list users: the service answered 429, asks to wait 3600 s");
    assert.equal(asked, 1);
  });

  it("is never shorter than the limit of one attempt", async () => {
    const { failure } = await ask(() => undefined, {
      timeoutSeconds: "1",
      deadlineSeconds: "0.5",
      maxRetries: "0",
    });
    assert.match(failure.message, /no complete answer within 1 s/);
  });
});
