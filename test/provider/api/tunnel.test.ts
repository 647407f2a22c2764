import assert from "node:assert/strict";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createClient } from "../../../provider/api/client";
import { NetworkError } from "../../../provider/api/errors";
import { explain } from "../../../provider/api/explain";
import type { RawSettings } from "../../../provider/settings/settings";
import { signedFor, withIdentity } from "../../fuzz/certificates";
import { failureOf, settingsOf, withWebServer } from "../harness";
import { useVariables } from "./variables";

const hidden = "hunter2hunter2";

/** Runs a server of plain sockets as a proxy, and counts its connections. */
async function withSocketServer(
  onConnection: (socket: Socket) => void,
  run: (port: number, connections: () => number) => Promise<void>,
  server: Server = createServer(),
): Promise<void> {
  let count = 0;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    count += 1;
    open.add(socket.on("error", () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run((server.address() as AddressInfo).port, () => count);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const answering = (text: string) => (socket: Socket) => {
  socket.once("data", () => socket.write(text));
};

async function list(raw: RawSettings): Promise<unknown> {
  const client = createClient(settingsOf({ maxRetries: "2", ...raw }), { retryBaseMs: 1 });
  return client.listUsers().finally(() => client.close());
}

/** The failure and its printed message; the endpoint is never reached. */
async function proxyFailure(raw: RawSettings = {}) {
  const settings = { endpoint: "http://s3.example.com", ...raw };
  const error = await failureOf(list(settings));
  assert(error instanceof NetworkError, error.message);
  assert.equal(error.failure, "proxy");
  assert.equal(error.sent, false);
  const message = explain(error, settingsOf(settings));
  assert(!message.includes(hidden), message);
  assert.match(
    message,
    /; or, if no proxy is needed there, add s3\.example\.com to NO_PROXY \[network-proxy\]$/,
  );
  return message;
}

describe("a proxy that fails", () => {
  const setVariables = useVariables();
  const useProxy = (port: number) => {
    setVariables({ HTTP_PROXY: `ops:${hidden}@127.0.0.1:${port}` });
  };

  it("is reported as such, without a retry, if it refuses permanently", async () => {
    for (const [status, reason, hint] of [
      [
        407,
        /it answered 407 to CONNECT s3\.example\.com:80/,
        /give user and password in HTTP_PROXY/,
      ],
      [403, /it answered 403 to CONNECT/, /have the proxy allow CONNECT to s3\.example\.com/],
    ] as const) {
      const proxy = answering(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      await withSocketServer(proxy, async (port, connections) => {
        useProxy(port);
        const message = await proxyFailure();
        assert.match(message, /\(the proxy http:\/\/127\.0\.0\.1:\d+ of HTTP_PROXY: it answered/);
        assert.match(message, reason);
        assert.match(message, hint);
        assert.equal(connections(), 1);
      });
    }
  });

  it("is retried if its failure may pass", async () => {
    for (const status of [429, 502, 503, 504]) {
      await withSocketServer(
        answering(`HTTP/1.1 ${status} No\r\n\r\n`),
        async (port, connections) => {
          useProxy(port);
          assert.match(await proxyFailure(), /; check the proxy and HTTP_PROXY/);
          assert.equal(connections(), 3);
        },
      );
    }
  });

  it("is reported as such if it is not reachable, hangs, closes the connection or does not speak HTTP", async () => {
    useProxy(1);
    assert.match(await proxyFailure(), /of HTTP_PROXY: connect ECONNREFUSED/);
    setVariables({ HTTP_PROXY: "http://proxy.invalid:3128" });
    assert.match(await proxyFailure(), /of HTTP_PROXY: getaddrinfo/);
    for (const [reason, onConnection] of [
      [/no answer to CONNECT within 1 s/, () => undefined],
      [/socket hang up|ECONNRESET/, (socket: Socket) => void socket.destroy()],
      [/Parse Error/, answering("SSH-2.0-OpenSSH\r\n")],
    ] as const) {
      await withSocketServer(onConnection, async (port) => {
        useProxy(port);
        assert.match(await proxyFailure({ timeoutSeconds: "1", maxRetries: "0" }), reason);
      });
    }
  });

  it("is reported as such if its certificate is not trusted, or its scheme is unknown", async () => {
    const { key, cert } = await signedFor("localhost");
    await withSocketServer(
      () => undefined,
      async (port, connections) => {
        setVariables({ HTTP_PROXY: `https://localhost:${port}` });
        assert.match(await proxyFailure(), /set NODE_EXTRA_CA_CERTS/);
        assert(connections() <= 2, "a certificate does not change by asking again");
      },
      createHttpsServer({ key, cert }),
    );
    setVariables({ HTTP_PROXY: "gopher://ops:hunter2hunter2@p:1" });
    assert.match(
      await proxyFailure(),
      /gopher:\/\/ is not supported.*; set HTTP_PROXY to an address/,
    );
  });

  it("is named if the endpoint's certificate is not trusted", async () => {
    await withIdentity(await signedFor("localhost"), async (endpoint) => {
      await withTunnels(async (port) => {
        setVariables({ HTTPS_PROXY: `127.0.0.1:${port}` });
        const error = await failureOf(list({ endpoint, maxRetries: "0" }));
        assert(error instanceof NetworkError);
        assert.equal(error.failure, "certificate");
        assert.match(error.message, /through the proxy of HTTPS_PROXY \(unable to verify/);
      });
    });
  });
});

/** A proxy that opens each tunnel, by CONNECT or by SOCKS 5. */
async function withTunnels(run: (port: number, seen: string[]) => Promise<void>): Promise<void> {
  const seen: string[] = [];
  const join = (socket: Socket, host: string, port: number, ready: string | Buffer) => {
    const target = connect(port, host, () => {
      socket.write(ready);
      socket.pipe(target).pipe(socket);
    });
    for (const each of [socket, target]) each.on("error", () => each.destroy());
    socket.on("close", () => target.destroy());
  };
  const onConnection = (socket: Socket) => {
    socket.once("data", (first) => {
      if (first[0] !== 5) {
        const [line = "", ...headers] = first.toString().split("\r\n");
        seen.push(line, ...headers.filter((each) => /^proxy-authorization:/i.test(each)));
        const [, host = "", port = ""] = /^CONNECT (.*):(\d+) /.exec(line) ?? [];
        join(socket, host, Number(port), "HTTP/1.1 200 OK\r\n\r\n");
        return;
      }
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (asked) => {
        const host =
          asked[3] === 3
            ? asked.subarray(5, 5 + (asked[4] ?? 0)).toString()
            : asked.subarray(4, 8).join(".");
        seen.push(`socks ${host}`);
        join(
          socket,
          host,
          asked.readUInt16BE(asked.length - 2),
          Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        );
      });
    });
  };
  await withSocketServer(onConnection, (port) => run(port, seen));
}

describe("a proxy that works", () => {
  const setVariables = useVariables();

  it("accepts host and port without a scheme, with user and password", async () => {
    await withWebServer(
      (_, response) => response.end("[]"),
      (endpoint) =>
        withTunnels(async (port, seen) => {
          setVariables({ HTTP_PROXY: `ops:p%40ss@127.0.0.1:${port}` });
          assert.deepEqual(await list({ endpoint }), []);
          const basic = Buffer.from("ops:p@ss").toString("base64");
          assert.deepEqual(seen, [
            `CONNECT ${new URL(endpoint).host} HTTP/1.1`,
            `Proxy-Authorization: Basic ${basic}`,
          ]);
        }),
    );
  });

  it("works with SOCKS, and resolves the endpoint's name at the proxy", async () => {
    const identity = await signedFor("localhost");
    await withIdentity(identity, (endpoint) =>
      withTunnels(async (port, seen) => {
        setVariables({ ALL_PROXY: `socks5h://127.0.0.1:${port}` });
        assert.deepEqual(await list({ endpoint, caPem: identity.ca }), []);
        assert.deepEqual(seen, ["socks localhost"]);
      }),
    );
  });

  it("is not used for an endpoint of another scheme, even if its variable is malformed", async () => {
    await withWebServer(
      (_, response) => response.end("[]"),
      async (endpoint) => {
        setVariables({ HTTPS_PROXY: "::::", NO_PROXY: "[" });
        assert.deepEqual(await list({ endpoint }), []);
        setVariables({ HTTP_PROXY: "::::", NO_PROXY: "127.0.0.0/8" });
        assert.deepEqual(await list({ endpoint }), []);
      },
    );
  });
});
