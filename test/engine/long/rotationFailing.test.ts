import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const address = "ops@acme.example";
const program = (generation: number) => `
  const tenant = new ostor.User("acme", { emailAddress: "${address}" });
  const keys = new ostor.RotatingAccessKey("keys", { user: tenant, generation: ${generation} });
  exports.current = keys.current;
  exports.previous = keys.previous;`;

interface Key {
  accessKeyId: string;
  secretAccessKey: string;
}

describe("a rotation on the engine", () => {
  const used = useCluster();
  const ids = () => used.emulator.cluster.user(address)?.accessKeys.map((key) => key.accessKeyId);
  const outputs = async () => (await used.stack.outputs()) as { current: Key; previous?: Key };
  const up = async (generation: number) => {
    used.stack.program(program(generation));
    return used.stack.up();
  };

  it("keeps the key in use, also when a rotation fails between its two steps", async () => {
    requireSuccess(await up(1));
    const { current: first } = await outputs();
    requireSuccess(await up(2));
    const { current: second, previous } = await outputs();
    assert.deepEqual(previous, first);
    assert.deepEqual(ids(), [first.accessKeyId, second.accessKeyId]);

    used.emulator.failNext({ operation: "generateKey", kind: "status", status: 403 });
    const failed = await up(3);
    assert.notEqual(failed.code, 0);
    assert.deepEqual(ids(), [second.accessKeyId], "only the previous key was revoked");
    requireSuccess(await used.stack.up());
    const { current: third, previous: kept } = await outputs();
    assert.deepEqual(kept, second);
    assert.deepEqual(ids(), [second.accessKeyId, third.accessKeyId]);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });
});
