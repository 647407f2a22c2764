import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { withWebServer } from "../harness";

/** An answer that a service without V4 may give to it. */
export interface Foreign {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A service that accepts only V2, and its requests: method, path and version. */
export interface V2Server {
  endpoint: string;
  asked: string[];
}

const user = { UserEmail: "ops@acme.example", UserId: "4eaf5ceeb2d9b1db", State: "enabled" };
const bucket = { name: "notes", creation_date: "2026-11-28T00:00:00.000Z", owner_id: user.UserId };

/**
 * Runs a service that verifies V2 by the vendor's description, and gives a chosen answer to all else. It shares no code with
 * the client. It has one user, with one bucket; the keys are `AK` and `SK`.
 */
export async function withV2Server(
  foreign: Foreign,
  run: (server: V2Server) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    const authorization = headers.authorization ?? "";
    asked.push(`${method} ${url} ${authorization.startsWith("AWS ") ? "v2" : "other"}`);
    const answer = isSigned(method, url, headers) ? answerTo(method, url) : foreign;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  await withWebServer(listener, (endpoint) => run({ endpoint, asked }));
}

function isSigned(method: string, url: string, headers: IncomingMessage["headers"]): boolean {
  const [service = ""] = url.split("&");
  const lines = [method, "", headers["content-type"] ?? "", headers.date ?? "", service];
  const signature = createHmac("sha1", "SK").update(lines.join("\n")).digest("base64");
  return headers.authorization === `AWS AK:${signature}`;
}

function answerTo(method: string, url: string): Foreign {
  const headers = { "Content-Type": "application/json" };
  const json = (value: unknown) => ({ status: 200, headers, body: JSON.stringify(value) });
  if (url.startsWith("/?ostor-buckets")) return json({ Buckets: [bucket] });
  if (method !== "GET" || !url.startsWith("/?ostor-users")) return { status: 400 };
  if (url === "/?ostor-users") return json([user]);
  const isKnown = url.includes("ops%40acme.example") || url.includes(user.UserId);
  return isKnown ? json(user) : { status: 404, headers: { "X-Amz-Err-Code": "NoSuchUser" } };
}
