import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { SocksClientOptions } from "socks";
import { proxyReasons } from "./messages";
import { describeCause, isCertificateCode } from "./networkFailure";
import { ProxyError, type Proxy, type ProxyFailure } from "./proxy";
import { userAgent } from "./userAgent";

/**
 * Opens a connection to an endpoint through a proxy: by CONNECT, also for http endpoints, or by SOCKS. Nothing is sent to the
 * endpoint before that, so each failure here is the proxy's.
 *
 * @throws ProxyError
 */
export async function openTunnel(
  proxy: Proxy,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Socket> {
  try {
    return proxy.protocol === "http:" || proxy.protocol === "https:"
      ? await openByConnect(proxy, `${host}:${port}`, timeoutMs)
      : await openBySocks(proxy, host.replace(/^\[(.*)\]$/, "$1"), port, timeoutMs);
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    const { reason, code } = describeCause(error);
    const failure = isCertificateCode(code) ? "certificate" : "unreachable";
    throw new ProxyError(proxy, failure, withoutPassword(reason, proxy));
  }
}

async function openByConnect(proxy: Proxy, target: string, timeoutMs: number): Promise<Socket> {
  const { request } =
    proxy.protocol === "https:" ? await import("node:https") : await import("node:http");
  const { user, password, host, port } = proxy;
  const basic = Buffer.from(`${user}:${password}`).toString("base64");
  const headers = {
    Host: target,
    "User-Agent": userAgent,
    ...(user + password !== "" && { "Proxy-Authorization": `Basic ${basic}` }),
  };
  return new Promise((resolve, reject) => {
    const connect = request({ method: "CONNECT", host, port, path: target, headers, agent: false });
    const timer = setTimeout(() => {
      connect.destroy(new Error(proxyReasons.noAnswer(timeoutMs)));
    }, timeoutMs);
    connect.once("error", reject);
    connect.once("close", () => {
      clearTimeout(timer);
    });
    connect.once("connect", (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      clearTimeout(timer);
      if (answer.statusCode === 200) {
        // Bytes after the proxy's answer come from the endpoint.
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.on("error", () => undefined).destroy();
      const status = answer.statusCode ?? 0;
      reject(new ProxyError(proxy, failureOf(status), proxyReasons.refused(status, target)));
    });
    connect.end();
  });
}

function failureOf(status: number): ProxyFailure {
  if (status === 407) return "credentials";
  return status === 429 || status >= 500 ? "unreachable" : "refused";
}

async function openBySocks(
  { protocol, host, port, user, password }: Proxy,
  targetHost: string,
  targetPort: number,
  timeoutMs: number,
): Promise<Socket> {
  const { SocksClient } = await import("socks");
  const options: SocksClientOptions = {
    command: "connect",
    destination: { host: targetHost, port: targetPort },
    timeout: timeoutMs,
    proxy: {
      host,
      port,
      type: protocol.startsWith("socks4") ? 4 : 5,
      ...(user + password !== "" && { userId: user, password }),
    },
  };
  const { socket } = await SocksClient.createConnection(options);
  return socket;
}

function withoutPassword(reason: string, { password }: Proxy): string {
  return password === "" ? reason : reason.replaceAll(password, "[hidden]");
}
