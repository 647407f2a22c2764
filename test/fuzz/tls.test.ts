import assert from "node:assert/strict";
import { openCluster } from "../../provider/cluster/cluster";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { explain } from "../../provider/api/explain";
import type { RawSettings } from "../../provider/settings/settings";
import { warn } from "../../provider/text/print";
import { failureOf, settingsOf } from "../provider/harness";
import {
  selfSignedFor,
  signedFor,
  signedThroughIntermediate,
  withIdentity,
  type Identity,
} from "./certificates";
import { assertClear, canary } from "./clear";

const setCa = /trust who signed its certificate: pulumi config set ostor:caFile /;

function clusterFor(raw: RawSettings) {
  const settings = settingsOf({ secretAccessKey: canary, maxRetries: "0", ...raw });
  return openCluster(settings, { retryBaseMs: 1 });
}

async function list(raw: RawSettings): Promise<unknown> {
  const cluster = clusterFor(raw);
  return cluster.listUsers().finally(() => cluster.close());
}

/** The error for a cluster with this certificate. No request is sent to it. */
async function refusal(identity: Identity, raw: RawSettings = {}): Promise<string> {
  let message = "";
  await withIdentity(identity, async (endpoint, requests) => {
    const all = { endpoint, ...raw };
    message = explain(await failureOf(list(all)), settingsOf({ secretAccessKey: canary, ...all }));
    assertClear(message);
    assert.equal(requests(), 0, "a request was sent");
  });
  return message;
}

describe("certificates", function () {
  this.timeout(60_000);
  const { warn: print } = console;
  let warnings: string[] = [];
  beforeEach(() => {
    warnings = [];
    console.warn = (text: string) => void warnings.push(text);
  });
  afterEach(() => {
    console.warn = print;
  });

  it("of an unknown authority are refused, and the setting is named", async () => {
    assert.match(await refusal(await signedFor("localhost")), setCa);
  });

  it("without their intermediate are refused although the root is trusted, and the error reports it", async () => {
    const { intermediate, ...identity } = await signedThroughIntermediate("localhost");
    const message = await refusal(identity, { caPem: identity.ca });
    assert.match(
      message,
      /does not send its intermediate certificate, or caPem contains other authorities: .* to caPem: pulumi/,
    );
    assert.match(await refusal(identity), /send its whole certificate chain, or trust who signed/);
    const whole = { ...identity, cert: `${identity.cert}\n${intermediate}` };
    for (const [sent, caPem] of [
      [whole, identity.ca],
      [identity, `${identity.ca}\n${intermediate}`],
    ] as const) {
      await withIdentity(sent, async (endpoint) => {
        assert.deepEqual(await list({ endpoint, caPem }), []);
      });
    }
  });

  it("that are self-signed are refused, and the setting is named", async () => {
    const message = await refusal(await selfSignedFor("localhost"));
    assert.match(message, /self-signed certificate/);
    assert.match(message, setCa);
  });

  it("are trusted if they or their authority are in caPem", async () => {
    for (const identity of [await signedFor("localhost"), await selfSignedFor("localhost")]) {
      await withIdentity(identity, async (endpoint) => {
        assert.deepEqual(await list({ endpoint, caPem: identity.ca }), []);
      });
    }
    assert.deepEqual(warnings, []);
  });

  it("of another host are refused although their authority is trusted", async () => {
    const identity = await signedFor("other.example");
    const message = await refusal(identity, { caPem: identity.ca });
    assert.match(message, /localhost.*other\.example.*; check the endpoint/);
  });

  it("that are expired or not yet valid are refused although their authority is trusted", async () => {
    const old = await signedFor("localhost", -9, -1);
    assert.match(await refusal(old, { caPem: old.ca }), /certificate has expired.*; check the end/);
    const early = await signedFor("localhost", 1, 9);
    assert.match(
      await refusal(early, { caPem: early.ca }),
      /certificate is not yet valid.*; check/,
    );
  });

  it("are not checked when insecure is set, with one warning", async () => {
    await withIdentity(await signedFor("other.example", -9, -1), async (endpoint) => {
      for (const region of ["a", "a", "b"]) {
        assert.deepEqual(await list({ endpoint, insecure: "true", region }), []);
      }
    });
    assert.equal(warnings.length, 1);
    assertClear(warnings[0] ?? "");
    assert.match(warnings[0] ?? "", /^warning: ostor:insecure is true: .* ostor:caFile /);
  });
});

describe("endpoints without https", () => {
  const { warn: print } = console;
  let warnings: string[] = [];
  beforeEach(() => {
    warnings = [];
    console.warn = (text: string) => void warnings.push(text);
  });
  afterEach(() => {
    console.warn = print;
  });

  it("cause one warning, which names the argument if a provider has one", async () => {
    const endpoint = "http://s3.plain.example";
    for (const region of ["a", "b", "c"]) await clusterFor({ endpoint, region }).close();
    assert.equal(warnings.length, 1);
    assertClear(warnings[0] ?? "");
    assert.match(
      warnings[0] ?? "",
      /: pulumi config set ostor:endpoint https:\/\/s3\.plain\.example/,
    );
    await clusterFor({ endpoint, explicit: "true" }).close();
    assert.match(warnings[1] ?? "", /^warning: ostor\.Provider: endpoint is http:/);
  });

  it("on this machine cause no warning", async () => {
    for (const host of [
      "127.0.0.1",
      "127.9.9.9:8080",
      "localhost:1",
      "s3.localhost",
      "[::1]:8080",
    ]) {
      await clusterFor({ endpoint: `http://${host}` }).close();
    }
    assert.deepEqual(warnings, []);
    for (const host of ["10.0.0.1", "localhost.example.com", "127.0.0.1.example.com", "[::2]"]) {
      await clusterFor({ endpoint: `http://${host}` }).close();
    }
    assert.equal(warnings.length, 4);
  });

  it("that are called with https fail with one line", async () => {
    const server = createServer((_, response) => response.end("[]"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const message = explain(await failureOf(list({ endpoint })), settingsOf({ endpoint }));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    assertClear(message);
    assert.match(message, /\(SSL routines: wrong version number\); check the endpoint/);
  });
});

describe("warnings", () => {
  it("are one line without control characters, whatever they quote", () => {
    const { warn: print } = console;
    const lines: string[] = [];
    console.warn = (text: string) => void lines.push(text);
    warn({ code: "test", text: "user \u001b[2Jops\r\n\u202e@acme.example\u0007: gone\u2028" });
    console.warn = print;
    assert.deepEqual(lines, ["warning: user [2Jops @acme.example : gone  [test]"]);
  });
});
