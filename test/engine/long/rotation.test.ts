import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { amazonClient } from "../../emulator/client";
import { requireSuccess, useCluster, type StoredResource } from "../harness";

const address = "ops@acme.example";
const program = (schedule: string, user = "") => `
  const tenant = new ostor.User("acme", { emailAddress: "${address}", ${user} });
  const keys = new ostor.RotatingAccessKey("keys", { user: tenant, ${schedule} });
  exports.current = keys.current;
  exports.previous = keys.previous;`;

interface Key {
  accessKeyId: string;
  secretAccessKey: string;
}
interface Exported {
  deployment: { resources: StoredResource[] };
}

describe("a RotatingAccessKey on the engine", () => {
  const used = useCluster();
  const ids = () =>
    (used.emulator.cluster.user(address)?.accessKeys ?? []).map((key) => key.accessKeyId).sort();
  const outputs = async () => (await used.stack.outputs()) as { current: Key; previous?: Key };

  /** Runs `up` while another client uses a key all the time, and fails if the service refuses one of its requests. */
  const upWhileUsing = async (key: Key, ...flags: string[]) => {
    const client = amazonClient(used.emulator, { ...key });
    const run = { isOver: false, refusals: [] as string[], requests: 0 };
    const use = (async () => {
      while (!run.isOver) {
        await client
          .send(new ListBucketsCommand())
          .catch((error: unknown) => run.refusals.push(String(error)));
        run.requests += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const ended = await used.stack.up(...flags);
    run.isOver = true;
    await use;
    requireSuccess(ended);
    assert.ok(run.requests > 5, "the key was in use");
    assert.deepEqual(run.refusals, []);
  };

  it("keeps the key in use valid during rotations, with one step for a counter that jumps", async () => {
    used.stack.program(program("generation: 1"));
    requireSuccess(await used.stack.up());
    let inUse = (await outputs()).current;
    for (const generation of [2, 3, 6]) {
      used.stack.program(program(`generation: ${generation}`));
      await upWhileUsing(inUse);
      const { current, previous } = await outputs();
      assert.deepEqual(previous, inUse);
      assert.deepEqual(ids(), [current.accessKeyId, inUse.accessKeyId].sort());
      requireSuccess(await used.stack.up("--expect-no-changes"));
      inUse = current;
    }
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("causes no change of a resource that uses the previous key, before there is one", async () => {
    used.stack.program(`
      const keys = new ostor.RotatingAccessKey("other", {
        user: new ostor.User("globex", { emailAddress: "ops@globex.example" }), generation: 1 });
      const state = keys.previous.apply((pair) => (pair ? "enabled" : "disabled"));
      new ostor.User("taker", { emailAddress: "taker@globex.example", state });`);
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    used.stack.program("");
    requireSuccess(await used.stack.up());
    used.stack.program(program("generation: 6"));
    requireSuccess(await used.stack.up());
    used.stack.program(program("generation: 7"));
    requireSuccess(await used.stack.up());
  });

  it("rotates once after a gap of three periods, and prints that at preview", async () => {
    used.stack.program(program(`every: "30d"`));
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.preview("--expect-no-changes"));
    const { current: inUse, previous: last } = await outputs();
    await age(95);
    const preview = requireSuccess(await used.stack.preview()).output;
    assert.match(preview, /rotation of user ops@acme\.example is due: key \S+ is revoked/);
    assert.match(preview, /~ *pulumi-nodejs:dynamic\/ostor:RotatingAccessKey/);
    assert.deepEqual(ids(), [inUse.accessKeyId, last?.accessKeyId].sort());
    await upWhileUsing(inUse);
    assert.deepEqual((await outputs()).previous, inUse);
    requireSuccess(await used.stack.up("--expect-no-changes"));
  });

  it("continues after a rotation that failed between its two steps, and the key in use stays valid", async () => {
    const { current: inUse } = await outputs();
    used.emulator.failNext({ operation: "generateKey", kind: "status", status: 403 });
    used.stack.program(program("generation: 8"));
    requireSuccess(await used.stack.up());
    used.stack.program(program("generation: 9"));
    const failed = await used.stack.up();
    assert.notEqual(failed.code, 0);
    assert.deepEqual(ids(), [inUse.accessKeyId]);
    await upWhileUsing(inUse);
    assert.deepEqual((await outputs()).previous, inUse);
  });

  it("stores no secret in plain text, and refuses a user with its own key at preview", async () => {
    const state = JSON.stringify(await used.stack.resources());
    for (const { secretAccessKey } of used.emulator.cluster.user(address)?.accessKeys ?? []) {
      assert.ok(!state.includes(secretAccessKey));
    }
    used.stack.program(program("generation: 9", "createAccessKey: true"));
    const refused = await used.stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /RotatingAccessKey keys: user ops@acme.example has a key of its/);
  });

  it("leaves no orphan, and is deleted with its user", async () => {
    const { code, output } = await used.stack.command(["orphans"]);
    assert.equal(code, 0, output);
    used.stack.program("");
    requireSuccess(await used.stack.up());
    assert.equal(used.emulator.cluster.user(address), undefined);
  });

  it("replaces an AccessKey of the same program, whose key stays the same", async () => {
    used.stack.program(`
      const tenant = new ostor.User("acme", { emailAddress: "${address}" });
      new ostor.AccessKey("key", { user: tenant });`);
    requireSuccess(await used.stack.up());
    const before = used.emulator.cluster.user(address);
    const [key] = before?.accessKeys ?? [];
    used.stack.program(program(`every: "30d", adopt: "${key?.accessKeyId ?? ""}"`));
    requireSuccess(await used.stack.up());
    assert.deepEqual(used.emulator.cluster.user(address), before);
    assert.equal((await outputs()).current.accessKeyId, key?.accessKeyId);
    used.stack.program(program(`every: "30d"`));
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is reported as drift when the current key was revoked outside, and up --refresh fixes it", async () => {
    const { current } = await outputs();
    used.emulator.cluster.revokeKey(current.accessKeyId);
    const log = join(used.stack.directory, "drift.log");
    const words = ["preview", "--refresh", "--expect-no-changes", "--event-log", log];
    const { code } = await used.stack.pulumi(words, { PULUMI_DEBUG_COMMANDS: "true" });
    assert.equal(code, 7);
    const report = await used.stack.command(["drift", "--json", log]);
    assert.equal(report.code, 7);
    const { drift } = JSON.parse(report.output) as { drift: Record<string, string>[] };
    assert.deepEqual(
      drift.map(({ user, property, declared, found }) => [user, property, declared, found]),
      [[address, "accessKeyId", current.accessKeyId, "(revoked)"]],
    );
    requireSuccess(await used.stack.up("--refresh"));
    assert.deepEqual(ids(), [(await outputs()).current.accessKeyId]);
  });

  /** Makes the current key older by a number of days in the stack's state. */
  async function age(days: number): Promise<void> {
    const { output } = requireSuccess(await used.stack.pulumi(["stack", "export"]));
    const exported = JSON.parse(output) as Exported;
    const keys = exported.deployment.resources.find(({ urn }) => urn.endsWith("::keys"));
    assert.ok(keys?.outputs);
    keys.outputs["rotatedAt"] = new Date(Date.now() - days * 86_400_000).toISOString();
    const file = join(used.stack.directory, "aged.json");
    writeFileSync(file, JSON.stringify(exported));
    requireSuccess(await used.stack.pulumi(["stack", "import", "--file", file]));
  }
});
