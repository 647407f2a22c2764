import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { withWebServer } from "../provider/harness";
import type { Report } from "./giantClient";

/** A list of all users on the wire, in pieces, so that this process never has all of it in memory. */
export function* list(before: string, of: (index: number) => string, size: number, after: string) {
  yield before;
  for (let start = 0; start < size; start += 500) {
    const part = Array.from({ length: Math.min(500, size - start) }, (_, index) =>
      of(start + index),
    );
    yield (start === 0 ? "" : ",") + part.join(",");
  }
  yield after;
}

/** A user with two access keys, in the format of the service. */
export function user(index: number): string {
  const userId = index.toString(16).padStart(16, "0");
  const key = (letter: string) =>
    `{"AWSAccessKeyId":"${userId}AAA${letter}","AWSSecretAccessKey":"${"s".repeat(40)}"}`;
  return `{"UserEmail":"tenant-${index}@customers.example","UserId":"${userId}","State":"enabled","OwnerId":"0000000000000000","Flags":["none"],"AWSAccessKeys":[${key("A")},${key("B")}]}`;
}

/** A user of a generation that returns nothing else. */
export function bare(index: number): string {
  const userId = index.toString(16).padStart(16, "0");
  return `{"UserEmail":"tenant-${index}@customers.example","UserId":"${userId}"}`;
}

/**
 * Sends a request, from a separate process, to a server that responds with these pieces.
 *
 * @param heapMiB - limit of the JavaScript heap of the process
 */
export async function callServer(
  operation: string,
  pieces: () => Iterable<string>,
  heapMiB: number,
): Promise<{ report: Report; sentMiB: number }> {
  let result: { report: Report; sentMiB: number } | undefined;
  let bytes = 0;
  const answer = (_: unknown, response: ServerResponse) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    const counted = function* () {
      for (const piece of pieces()) {
        bytes += piece.length;
        yield piece;
      }
    };
    Readable.from(counted())
      .on("error", () => undefined)
      .pipe(response);
  };
  await withWebServer(answer, async (endpoint) => {
    result = {
      report: await inProcess(endpoint, operation, heapMiB),
      sentMiB: bytes / 1024 / 1024,
    };
  });
  assert(result);
  return result;
}

async function inProcess(endpoint: string, operation: string, heapMiB: number): Promise<Report> {
  const script = join(__dirname, "giantClient.ts");
  const flags = [`--max-old-space-size=${heapMiB}`, "--import", "tsx", script];
  const child = spawn(process.execPath, [...flags, endpoint, operation]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, stderr.slice(0, 2000));
  return JSON.parse(stdout) as Report;
}
