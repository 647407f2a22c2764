import assert from "node:assert/strict";
import { createStack, requireSuccess, settingsOf, useCluster, type Stack } from "./harness";

describe("what a stack stores of each resource", () => {
  const used = useCluster();

  it("is at most 1.7 kB, and only one constant text of at most 70 bytes for the provider", async () => {
    used.stack.program(`
      const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", createAccessKey: true });
      new ostor.AccessKey("acme-key", { user: tenant, keepers: { rotated: "2026-11" } });`);
    requireSuccess(await used.stack.up());
    const stored = (await used.stack.resources()).filter(({ type }) =>
      type.startsWith("pulumi-nodejs:dynamic/ostor:"),
    );
    assert.equal(stored.length, 2);
    for (const resource of stored) {
      const bytesInAll = JSON.stringify(resource).length;
      assert.ok(bytesInAll <= 1700, `${bytesInAll} bytes`);
      for (const values of [resource.inputs, resource.outputs]) {
        const text = String(values?.["__provider"]);
        assert.match(text, /^exports\.handler = \(\) => require\("pulumi-ostor\/provider"\)\.\w+$/);
        assert.ok(text.length <= 70);
      }
      const bytes = providerBytes(resource);
      assert.ok(bytes > 0 && bytes <= 200, `__provider takes ${bytes} bytes`);
    }
  });

  const assertPositions = async (stack: Stack) => {
    stack.program(componentProgram);
    requireSuccess(await stack.up());
    const user = (await stack.resource("tenant")) as { stackTrace?: Frame[] } | undefined;
    const positions = user?.stackTrace?.map(({ sourcePosition }) => sourcePosition);
    assert.deepEqual(positions, ["project:///index.js#6,5", "project:///index.js#9,1"]);
  };

  it("includes its position in the program, without frames of the code that runs the program", async () => {
    await assertPositions(used.stack);
  });

  it("includes its position in the program, without frames of the TypeScript loader", async () => {
    used.emulator.cluster.deleteUser("cohort@acme.example");
    const stack = await createStack({ runtime: "nodejs" });
    try {
      await stack.config(settingsOf(used.emulator));
      await assertPositions(stack);
    } finally {
      stack.remove();
    }
  });
});

interface Frame {
  sourcePosition?: string;
}

/** Begins on the third line of the file, after the prologue. */
const componentProgram = `class Cohort extends pulumi.ComponentResource {
  constructor(name) {
    super("acme:Cohort", name);
    new ostor.User("tenant", { emailAddress: "cohort@acme.example" });
  }
}
new Cohort("cohort");`;

/** The size of `__provider` in inputs, outputs and propertyDependencies together, as written to the state. */
function providerBytes(resource: object): number {
  const without = JSON.stringify(resource, (name, value: unknown) =>
    name === "__provider" ? undefined : value,
  );
  return JSON.stringify(resource).length - without.length;
}
