import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator, type Emulator } from "../../../emulator";
import { InternalError, isTransient, NetworkError } from "../../../provider/api/errors";
import { createTransport, type RawAnswer } from "../../../provider/api/transport";
import type { RawSettings } from "../../../provider/settings/settings";
import { failureOf, settingsOf, withWebServer } from "../harness";
import { withProxy } from "./proxy";
import { useVariables } from "./variables";

const get = { method: "GET", path: "/?ostor-users", headers: {} } as const;

async function ask(raw: RawSettings, times = 1): Promise<RawAnswer[]> {
  const transport = createTransport(settingsOf(raw));
  try {
    return await Promise.all(
      Array.from({ length: times }, () => transport.send("list users", get)),
    );
  } finally {
    await transport.close();
  }
}

async function networkFailure(raw: RawSettings): Promise<NetworkError> {
  const error = await failureOf(ask(raw));
  assert(error instanceof NetworkError, error.message);
  return error;
}

describe("createTransport", () => {
  const setVariables = useVariables();

  it("returns status, header names in lower case and the whole body", async () => {
    const listener = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(404, { "X-Amz-Err-Message": "none", "Set-Cookie": ["a=1", "b=2"] });
      response.write("one ");
      response.end("two");
    };
    await withWebServer(listener, async (endpoint) => {
      const [answer] = await ask({ endpoint });
      assert.equal(answer?.status, 404);
      assert.equal(answer.headers["x-amz-err-message"], "none");
      assert.equal(answer.headers["set-cookie"], "a=1, b=2");
      assert.equal(answer.body, "one two");
    });
  });

  it("sends method, path and headers as given", async () => {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      const { method, url, headers } = request;
      response.end(JSON.stringify([method, url, headers.host, headers.authorization]));
    };
    await withWebServer(listener, async (endpoint) => {
      const transport = createTransport(settingsOf({ endpoint }));
      const path = "/?ostor-users&emailAddress=a%2Bb%40example.com&genKey";
      const headers = { Authorization: "AWS x:y" };
      const answer = await transport.send("x", { method: "POST", path, headers });
      await transport.close();
      assert.deepEqual(JSON.parse(answer.body), ["POST", path, new URL(endpoint).host, "AWS x:y"]);
    });
  });

  it("does not follow a redirect, which would send signed headers to another server", async () => {
    const paths: (string | undefined)[] = [];
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      paths.push(request.url);
      response.writeHead(307, { Location: "/elsewhere" }).end();
    };
    await withWebServer(listener, async (endpoint) => {
      const [answer] = await ask({ endpoint });
      assert.equal(answer?.status, 307);
      assert.deepEqual(paths, ["/?ostor-users"]);
    });
  });

  for (const [maxConcurrency, expected] of [
    ["1", 1],
    ["3", 3],
  ] as const) {
    it(`keeps connections alive: 9 requests at once use ${expected} if ${maxConcurrency} are allowed`, async () => {
      let connections = 0;
      let underWay = 0;
      let most = 0;
      const listener = (_: IncomingMessage, response: ServerResponse) => {
        most = Math.max(most, ++underWay);
        setTimeout(() => {
          underWay -= 1;
          response.end("ok");
        }, 5);
      };
      await withWebServer(listener, async (endpoint, server) => {
        server.on("connection", () => (connections += 1));
        await ask({ endpoint, maxConcurrency }, 9);
        assert.equal(connections, expected);
        assert.equal(most, expected);
      });
    });
  }

  it("ends a request without an answer in time; its outcome is unknown", async () => {
    await withWebServer(
      () => undefined,
      async (endpoint) => {
        const error = await networkFailure({ endpoint, timeoutSeconds: "1" });
        assert.match(error.message, /^list users: no answer from http:\/\/127.*timeout/i);
        assert.equal(error.sent, true);
      },
    );
  });

  it("ends an incomplete answer", async () => {
    const listener = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("half");
    };
    await withWebServer(listener, async (endpoint) => {
      const error = await networkFailure({ endpoint, timeoutSeconds: "1" });
      assert.equal(error.sent, true);
    });
  });

  it("distinguishes a lost connection from a refused one", async () => {
    const cut = (request: IncomingMessage) => request.socket.destroy();
    let closed = "";
    await withWebServer(cut, async (endpoint) => {
      closed = endpoint;
      assert.equal((await networkFailure({ endpoint })).sent, true);
    });
    assert.equal((await networkFailure({ endpoint: closed })).sent, false);
  });

  it("reports a mistake in this package, and not as a network failure", async () => {
    await withWebServer(
      (_, response) => response.end("[]"),
      async (endpoint) => {
        const transport = createTransport(settingsOf({ endpoint }));
        for (const wrong of [
          { path: "no slash", headers: {} },
          { path: "/", headers: { "X-Bad": "line\nbreak" } },
          { path: "/", headers: null as unknown as Record<string, string>, method: 5 as never },
        ]) {
          const error = await failureOf(transport.send("list users", { ...get, ...wrong }));
          assert(error instanceof InternalError, error.name);
          assert.match(
            error.message,
            /^list users: an error in pulumi-ostor, not in the network \(/,
          );
          assert(!isTransient(error));
        }
        await transport.close();
      },
    );
  });

  describe("with TLS", () => {
    let folder = "";
    let cert = "";
    let emulator: Emulator;
    let raw: RawSettings;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-tls-"));
      const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const subject = ["-subj", "/CN=ostor.test", "-addext", "subjectAltName=IP:127.0.0.1"];
      const files = ["-keyout", keyFile, "-out", certFile];
      const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
      execFileSync("openssl", ["req", ...kind, ...files, ...subject], { stdio: "ignore" });
      cert = readFileSync(certFile, "utf8");
      emulator = createEmulator({ tls: { key: readFileSync(keyFile, "utf8"), cert } });
      raw = { endpoint: await emulator.start() };
    });
    after(async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true });
    });

    it("rejects a certificate of an unknown authority before anything is sent", async () => {
      emulator.clearRequests();
      const error = await networkFailure(raw);
      assert.equal(error.sent, false);
      assert.match(error.message, /self-signed certificate/);
      assert.equal(emulator.requests.length, 0);
    });

    it("trusts the authorities of caPem, of caFile, or with insecure any", async () => {
      const caFile = join(folder, "cert.pem");
      for (const trust of [{ caPem: cert }, { caFile }, { insecure: "true" }]) {
        const [answer] = await ask({ ...raw, ...trust });
        assert.equal(answer?.status, 403, JSON.stringify(Object.keys(trust)));
      }
    });

    it("rejects a certificate of another host although its authority is trusted", async () => {
      const endpoint = (raw.endpoint ?? "").replace("127.0.0.1", "localhost");
      const error = await networkFailure({ endpoint, caPem: cert });
      assert.equal(error.sent, false);
    });

    it("fails if caFile does not exist any more", () => {
      const settings = { ...settingsOf(raw), caFile: join(folder, "gone.pem") };
      assert.throws(() => createTransport(settings), /ENOENT/);
    });

    it("uses the proxy of HTTPS_PROXY, and checks the certificate", async () => {
      await withProxy(async (proxy, seen) => {
        setVariables({ HTTPS_PROXY: proxy });
        const [answer] = await ask({ ...raw, caPem: cert });
        assert.equal(answer?.status, 403);
        assert.deepEqual(seen, [`CONNECT ${new URL(raw.endpoint ?? "").host}`]);
        assert.equal((await networkFailure(raw)).sent, false);
      });
    });
  });

  describe("with a proxy", () => {
    it("uses the proxy of HTTP_PROXY", async () => {
      await withWebServer(
        (_, response) => response.end("from the cluster"),
        async (endpoint) => {
          await withProxy(async (proxy, seen) => {
            setVariables({ HTTP_PROXY: proxy });
            const [answer] = await ask({ endpoint });
            assert.equal(answer?.body, "from the cluster");
            assert.equal(seen.length, 1);
          });
        },
      );
    });

    it("connects directly to hosts of NO_PROXY", async () => {
      await withWebServer(
        (_, response) => response.end("from the cluster"),
        async (endpoint) => {
          await withProxy(async (proxy, seen) => {
            setVariables({ HTTP_PROXY: proxy, NO_PROXY: "example.com,127.0.0.1" });
            const [answer] = await ask({ endpoint });
            assert.equal(answer?.body, "from the cluster");
            assert.deepEqual(seen, []);
          });
        },
      );
    });

    it("fails if the proxy is not reachable", async () => {
      setVariables({ HTTP_PROXY: "http://127.0.0.1:9" });
      await withWebServer(
        (_, response) => response.end("from the cluster"),
        async (endpoint) => {
          assert.match((await networkFailure({ endpoint })).message, /ECONNREFUSED/);
        },
      );
    });
  });
});
