import assert from "node:assert/strict";
import { connect } from "node:net";
import fc from "fast-check";
import { createEmulator, type Emulator } from "../../emulator";
import { signV2 } from "../../provider/api/sign";
import { s3Curl } from "../emulator/client";
import { canary } from "./clear";
import { conversation, target } from "./conversations";
import { holds, seeded } from "./seed";

const answerPattern = /^HTTP\/1\.1 ([1-5]\d\d) /;

describe(seeded("an emulator with arbitrary clients"), function () {
  this.timeout(600_000);
  let emulator: Emulator;
  let port = 0;
  beforeEach(async () => {
    emulator = createEmulator({ accessKeyId: "AK", secretAccessKey: canary });
    port = Number(new URL(await emulator.start()).port);
    emulator.cluster.createUser("bystander@example.com");
    emulator.cluster.createBucket("bystanders", "bystander@example.com");
  });
  afterEach(async () => {
    assert.equal(
      (await s3Curl(emulator, "GET", "ostor-users")).status,
      200,
      "the emulator still works",
    );
    await emulator.stop();
  });

  it("refuses or disconnects unsigned input, and changes nothing", async () => {
    const stored = () => [emulator.cluster.users(), emulator.cluster.buckets()];
    const before = stored();
    const statuses = new Map<string, number>();
    const end = fc.constantFrom("end", "end", "reset");
    await holds(1500, fc.tuple(conversation, end), async ([bytes, last]) => {
      const answer = await converse(port, bytes, last === "reset");
      assert(!answer.includes(canary), "the response contains the secret");
      if (answer === "") return;
      const status = answerPattern.exec(answer)?.[1] ?? "none";
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      assert.doesNotMatch(status, /none|2..|500/, answer.slice(0, 500));
    });
    assert.deepEqual(stored(), before);
    // Node itself refuses some input before the emulator gets it.
    assert((statuses.get("403") ?? 0) > 15, JSON.stringify([...statuses]));
  });

  it("returns no 500 for signed requests", async () => {
    const credentials = emulator.credentials;
    const method = fc.constantFrom("GET", "PUT", "POST", "DELETE" as const);
    const statuses = new Set<string>();
    await holds(700, fc.tuple(method, target), async ([verb, path]) => {
      const resource = resourceOf(path);
      const signable = { method: verb, path, resource, host: "x" };
      const lines = Object.entries(signV2(signable, credentials, "", Date.now()));
      const head = [`${verb} ${path} HTTP/1.1`, "Host: x", ...lines.map((each) => each.join(": "))];
      const answer = await converse(port, Buffer.from(`${head.join("\r\n")}\r\n\r\n`), false);
      const status = answerPattern.exec(answer)?.[1] ?? "none";
      statuses.add(status);
      assert.doesNotMatch(status, /none|500/, answer.slice(0, 500));
    });
    assert(
      ["200", "404", "400"].every((each) => statuses.has(each)),
      JSON.stringify([...statuses]),
    );
  });
});

/** The resource that V2 signs: the service of a management request, otherwise the path. */
function resourceOf(path: string): string {
  const [where = "", query = ""] = path.split("?");
  const [service = ""] = query.split("&");
  return where === "/" ? `/?${service}` : where;
}

/** The response until the other side closes the connection. */
async function converse(port: number, bytes: Buffer, isReset: boolean): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => {
      if (isReset) socket.write(bytes, () => socket.resetAndDestroy());
      else socket.end(bytes);
    });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
  });
}
