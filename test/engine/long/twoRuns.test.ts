import assert from "node:assert/strict";
import { createEmulator, type Emulator } from "../../../emulator";
import { createStack, requireSuccess, settingsOf, type Run, type Stack } from "../harness";

const address = "ops@acme.example";
const tenants = `
const acme = new ostor.User("acme", { emailAddress: "${address}" });
new ostor.AccessKey("acme-key", { user: acme });
`;

/** The output of the one run that failed. */
function failed(...runs: Run[]): string {
  const [output = "", ...others] = runs.filter(({ code }) => code !== 0).map((run) => run.output);
  assert.deepEqual(others, [], "only one run fails");
  return output;
}

describe("two runs at the same time", function () {
  this.timeout(240_000);
  let emulator: Emulator;
  let stacks: Stack[] = [];
  const open = async () => {
    const stack = await createStack();
    stacks.push(stack);
    await stack.config(settingsOf(emulator));
    stack.program(tenants);
    return stack;
  };
  const keyIds = () => emulator.cluster.user(address)?.accessKeys.map((key) => key.accessKeyId);
  const keyOf = async (stack: Stack) => (await stack.resource("acme-key"))?.id;

  beforeEach(async () => {
    // Long enough for the other run to start.
    emulator = createEmulator({ delayMs: 500 });
    await emulator.start();
  });
  afterEach(async () => {
    for (const stack of stacks) stack.remove();
    stacks = [];
    await emulator.stop();
  });

  it("of one stack: one succeeds, the other reports the lock and sends no request", async () => {
    const stack = await open();
    const output = failed(...(await Promise.all([stack.up(), stack.up()])));
    assert.match(output, /the stack is currently locked by 1 lock\(s\)/);
    assert.equal(emulator.requests.filter(({ operation }) => operation === "createUser").length, 1);
    assert.deepEqual(keyIds(), [await keyOf(stack)]);
    requireSuccess(await stack.preview("--refresh", "--expect-no-changes"));
  });

  it("of two stacks that declare one user: one creates it, the other reports that it exists", async () => {
    const [one, other] = [await open(), await open()];
    const output = failed(...(await Promise.all([one.up(), other.up()])));
    const { userId } = emulator.cluster.user(address) ?? {};
    assert.match(output, /create user ops@acme\.example: .*exists/);
    assert.match(output, new RegExp(`adopt: "${userId}"`));
    const kept = (await Promise.all([keyOf(one), keyOf(other)])).filter(Boolean);
    assert.deepEqual(keyIds(), kept);
    const loser = (await keyOf(one)) === undefined ? one : other;
    // A destroy of the stack without the user does not delete it.
    requireSuccess(await loser.destroy());
    assert.deepEqual(keyIds(), kept);
    const owner = loser === one ? other : one;
    requireSuccess(await owner.preview("--refresh", "--expect-no-changes"));
  });

  it("of two stacks that generate keys of one user: each has its own key", async () => {
    const { userId } = emulator.cluster.createUser(address);
    for (const id of keyIds() ?? []) emulator.cluster.revokeKey(id);
    const [one, other] = [await open(), await open()];
    for (const stack of stacks) {
      stack.program(`new ostor.AccessKey("acme-key", { user: "${address}" });`);
    }
    for (const run of await Promise.all([one.up(), other.up()])) requireSuccess(run);
    const ids = [await keyOf(one), await keyOf(other)];
    assert.deepEqual(keyIds()?.sort(), [...ids].sort());
    requireSuccess(await one.destroy());
    assert.deepEqual(keyIds(), [ids[1]]);
    assert.equal(emulator.cluster.user(address)?.userId, userId);
  });
});
