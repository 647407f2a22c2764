import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "./harness";

describe("what a stack stores of each resource", () => {
  const used = useCluster();

  it("is one constant text of at most 70 bytes of the provider, and at most 2.0 kB without the stack trace", async () => {
    used.stack.program(`
      const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", createAccessKey: true });
      new ostor.AccessKey("acme-key", { user: tenant, keepers: { rotated: "2026-11" } });`);
    requireSuccess(await used.stack.up());
    const stored = (await used.stack.resources()).filter(({ type }) =>
      type.startsWith("pulumi-nodejs:dynamic/ostor:"),
    );
    assert.equal(stored.length, 2);
    for (const resource of stored) {
      const { stackTrace, ...kept } = resource as typeof resource & { stackTrace?: unknown };
      assert.ok(stackTrace, "the engine's own part is there and left out");
      assert.ok(JSON.stringify(kept).length <= 2000, `${JSON.stringify(kept).length} bytes`);
      for (const bag of [resource.inputs, resource.outputs]) {
        const text = String(bag?.["__provider"]);
        assert.match(text, /^exports\.handler = \(\) => require\("pulumi-ostor\/provider"\)\.\w+$/);
        assert.ok(text.length <= 70);
      }
      const bytes = providerBytes(resource);
      assert.ok(bytes > 0 && bytes <= 200, `__provider takes ${bytes} bytes`);
    }
  });
});

/** What `__provider` takes in inputs, outputs and propertyDependencies together, as the state is written. */
function providerBytes(resource: object): number {
  const without = JSON.stringify(resource, (name, value: unknown) =>
    name === "__provider" ? undefined : value,
  );
  return JSON.stringify(resource).length - without.length;
}
