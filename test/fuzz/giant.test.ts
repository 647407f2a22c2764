import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { answerBytes, listBytes } from "../../provider/api/transport";
import { withWebServer } from "../provider/cluster";
import { assertClear } from "./clear";
import type { Told } from "./giantClient";

/** Of the client's process, in MiB; docs/reliability.md tells what was measured with it. */
const heapMiB = 192;
const count = 100_000;

/** What a list of all users looks like on the wire, piece by piece: nobody here holds it whole. */
function* list(before: string, of: (index: number) => string, size: number, after: string) {
  yield before;
  for (let start = 0; start < size; start += 500) {
    const part = Array.from({ length: Math.min(500, size - start) }, (_, index) =>
      of(start + index),
    );
    yield (start === 0 ? "" : ",") + part.join(",");
  }
  yield after;
}

function user(index: number): string {
  const userId = index.toString(16).padStart(16, "0");
  const pair = (letter: string) =>
    `{"AWSAccessKeyId":"${userId}AAA${letter}","AWSSecretAccessKey":"${"s".repeat(40)}"}`;
  return `{"UserEmail":"tenant-${index}@customers.example","UserId":"${userId}","State":"enabled","OwnerId":"0000000000000000","Flags":["none"],"AWSAccessKeys":[${pair("A")},${pair("B")}]}`;
}

function bare(index: number): string {
  const userId = index.toString(16).padStart(16, "0");
  return `{"UserEmail":"tenant-${index}@customers.example","UserId":"${userId}"}`;
}

/** Asks a server that answers with these pieces, from a process with little memory. */
async function ask(
  operation: string,
  pieces: () => Iterable<string>,
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
    result = { told: await inSmallProcess(endpoint, operation), sentMiB: bytes / 1024 / 1024 };
  });
  assert(result);
  return result;
}

async function inSmallProcess(endpoint: string, operation: string): Promise<Told> {
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

describe(`giant answers, with ${heapMiB} MiB for what the client keeps`, function () {
  this.timeout(600_000);

  const lists = {
    "an array with two pairs each": () => list("[", user, count, "]"),
    "an object with two pairs each": () => list('{"Users":[', user, count, "]}"),
    "an array without keys": () => list("[", bare, count, "]"),
  };
  for (const [name, pieces] of Object.entries(lists)) {
    it(`of ${count} users, ${name}, are read whole`, async () => {
      const { told, sentMiB } = await ask("listUsers", pieces);
      console.log(`      ${sentMiB.toFixed(1)} MiB of users: ${told.peakMiB} MiB at the most`);
      assert.equal(told.count, count, told.message);
      assert.match(told.last ?? "", new RegExp(`tenant-${count - 1}@`));
    });
  }

  it("of no users show what the process takes anyway", async () => {
    const { told } = await ask("listUsers", () => ["[]"]);
    console.log(`      no users: ${told.peakMiB} MiB at the most`);
    assert.equal(told.count, 0);
  });

  it("of 1,000,000 elements that are no users are refused by the first of them", async () => {
    for (const [of, operation] of [
      ["{}", "listUsers"],
      ["0", "listUsers"],
    ] as const) {
      const { told } = await ask(operation, () => list("[", () => of, 1_000_000, "]"));
      assertClear(told.message ?? "");
      assert.match(told.message ?? "", /^list users: the answer is not one .*: 0(\.UserEmail)?: /);
    }
  });

  it("of nothing but empty objects are refused before they are parsed", async () => {
    const { told } = await ask("listUsers", () => list("[", () => "{}", 20_000_000, "]"));
    assertClear(told.message ?? "");
    assert.match(told.message ?? "", /: it has more than 8000000 parts/);
  });

  for (const [operation, maxBytes] of [
    ["listUsers", listBytes],
    ["listBuckets", listBytes],
    ["getUser", answerBytes],
    ["isBucketEmpty", answerBytes],
  ] as const) {
    it(`that never end are cut off: ${operation}`, async () => {
      const limitMiB = maxBytes / 1024 / 1024;
      const endless = function* () {
        // An end there is, or a client without a limit would take the machine's memory.
        for (let mib = 0; mib < 8 * limitMiB + 64; mib += 1) yield " ".repeat(1024 * 1024);
      };
      const { told, sentMiB } = await ask(operation, endless);
      assertClear(told.message ?? "");
      assert.match(told.message ?? "", new RegExp(`: it is larger than ${limitMiB} MiB; `));
      assert(sentMiB < limitMiB + 64, `${sentMiB} MiB were sent`);
    });
  }
});
