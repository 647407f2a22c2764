import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { withWebServer } from "../provider/harness";
import type { Told } from "./giantClient";

/** What a list of all users looks like on the wire, piece by piece: nobody here holds it whole. */
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

/** A user with two pairs, as the service writes it. */
export function user(index: number): string {
  const userId = index.toString(16).padStart(16, "0");
  const pair = (letter: string) =>
    `{"AWSAccessKeyId":"${userId}AAA${letter}","AWSSecretAccessKey":"${"s".repeat(40)}"}`;
  return `{"UserEmail":"tenant-${index}@customers.example","UserId":"${userId}","State":"enabled","OwnerId":"0000000000000000","Flags":["none"],"AWSAccessKeys":[${pair("A")},${pair("B")}]}`;
}

/** A user of a generation that tells nothing else. */
export function bare(index: number): string {
  const userId = index.toString(16).padStart(16, "0");
  return `{"UserEmail":"tenant-${index}@customers.example","UserId":"${userId}"}`;
}

/**
 * Asks a server that answers with these pieces, from a process of its own.
 *
 * @param heapMiB - what it may have for JavaScript's own heap
 */
export async function ask(
  operation: string,
  pieces: () => Iterable<string>,
  heapMiB: number,
): Promise<{ told: Told; sentMiB: number }> {
  let result: { told: Told; sentMiB: number } | undefined;
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
    result = { told: await inProcess(endpoint, operation, heapMiB), sentMiB: bytes / 1024 / 1024 };
  });
  assert(result);
  return result;
}

async function inProcess(endpoint: string, operation: string, heapMiB: number): Promise<Told> {
  const script = join(__dirname, "giantClient.ts");
  const flags = [`--max-old-space-size=${heapMiB}`, "--import", "tsx", script];
  const child = spawn(process.execPath, [...flags, endpoint, operation]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, stderr.slice(0, 2000));
  return JSON.parse(stdout) as Told;
}
