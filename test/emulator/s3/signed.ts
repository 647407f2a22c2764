import { createHmac } from "node:crypto";

import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

import type { AccessKey, Emulator } from "../../../emulator";
import { type Reply, send } from "../client";

/** A raw S3 request. */
export interface RawRequest {
  readonly method: string;
  /** The target with its query, as sent. */
  readonly target: string;
  /** Default the host of the emulator. */
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Sends a request signed with Version 2. `resource` is the signed resource. */
export function sendV2(
  emulator: Emulator,
  { accessKeyId, secretAccessKey }: AccessKey,
  { resource, ...request }: RawRequest & { resource: string },
): Promise<Reply> {
  const { method, target, host, headers = {}, body } = request;
  const date = new Date().toUTCString();
  const amazon = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-"));
  const lines = amazon.sort().map(([name, value]) => `${name}:${value}`);
  const text = [method, "", headers["Content-Type"] ?? "", date, ...lines, resource].join("\n");
  const signature = createHmac("sha1", secretAccessKey).update(text).digest("base64");
  const signed = { Date: date, Authorization: `AWS ${accessKeyId}:${signature}`, ...headers };
  const all = host === undefined ? signed : { Host: host, ...signed };
  return send(emulator.endpoint, {
    method,
    target,
    headers: all,
    ...(body !== undefined && { body }),
  });
}

/** Sends a request signed with Version 4, with an implementation that is independent of the emulator. */
export async function sendV4(
  emulator: Emulator,
  credentials: AccessKey,
  request: RawRequest,
): Promise<Reply> {
  const { method, target, host, headers = {}, body } = request;
  const address = new URL(target, emulator.endpoint);
  const parameters = { region: "us-east-1", service: "s3", sha256: Sha256, uriEscapePath: false };
  const signer = new SignatureV4({ credentials, ...parameters });
  const unsigned = {
    ...{ method, protocol: "http:", hostname: address.hostname, path: address.pathname },
    query: Object.fromEntries(address.searchParams),
    headers: { host: host ?? address.host, ...headers },
    ...(body !== undefined && { body }),
  };
  const { headers: signed } = await signer.sign(unsigned);
  return send(emulator.endpoint, {
    method,
    target,
    headers: signed,
    ...(body !== undefined && { body }),
  });
}
