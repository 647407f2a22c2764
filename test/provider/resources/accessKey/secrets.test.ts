import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { PartialError } from "../../../../provider/resources/lifecycle";
import { changesOf, failureOf, revealed, withCluster, withWebServer } from "../../harness";
import { address, useUser } from "./useUser";

describe("create of an access key, where secrets cannot be read", () => {
  const { setup, create, inputs, created, keys } = useUser({ secretsReadable: false });

  it("returns the secret of the genKey response", async () => {
    const { outs } = await create();
    assert.equal(revealed(outs["secretAccessKey"]), keys()[0]?.secretAccessKey);
  });

  it("keeps a key in state whose secret cannot be read, and names the fix", async () => {
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const error = await failureOf(create());
    assert(error instanceof PartialError);
    const id = keys()[0]?.accessKeyId ?? "";
    assert.equal(error.id, id);
    assert.match(
      error.message,
      /exists, but the service does not return its secret; ask .* or rotate it/,
    );
    assert.equal("secretAccessKey" in error.properties, false);
    assert.equal(error.properties["accessKeyId"], id);
  });

  it("keeps its keepers when partially created, and the next update fails until the secret can be read", async () => {
    setup.emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    const more = { keepers: { rotated: "1" } };
    const first = await failureOf(create(more));
    assert(first instanceof PartialError);
    assert.deepEqual(first.properties["keepers"], more.keepers);
    const { id, properties } = first;
    const again = await failureOf(
      accessKeyLifecycle.update(setup.cluster, id, properties, inputs(more)),
    );
    assert(again instanceof PartialError);
    assert.equal(again.message, first.message);
    assert.deepEqual(again.properties, properties);
    const { changes } = await changesOf(
      accessKeyLifecycle.diff(setup.cluster, id, properties, inputs(more)),
    );
    assert.equal(changes, true, "a refresh removes the engine's own mark");
  });

  it("keeps the secret in state when a read does not return it", async () => {
    const { id, state } = await created();
    const { props } = await accessKeyLifecycle.read(setup.cluster, id, state);
    assert.equal(revealed(props?.["secretAccessKey"]), keys()[0]?.secretAccessKey);
  });
});

describe("create of an access key, where genKey omits the secret", () => {
  it("reads the secret of the new key, not of the earlier one", async () => {
    const keyJson = (name: string, secret?: string) => ({
      AWSAccessKeyId: `ca55631f9f3d59dc${name}`,
      AWSSecretAccessKey: secret,
    });
    const keys = [keyJson("AAAA", "OF THE FIRST")];
    const userJson = (keys: object[]) =>
      JSON.stringify({ UserEmail: address, UserId: "ca55631f9f3d59dc", AWSAccessKeys: keys });
    await withWebServer(
      (request, response) => {
        if (request.method !== "POST") return response.end(userJson(keys));
        keys.push(keyJson("BBBB", "OF THE SECOND"));
        return response.end(userJson([keyJson("AAAA"), keyJson("BBBB", "")]));
      },
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          const inputs = { user: address, replaceOrder: "create-first" };
          const { id, outs } = await accessKeyLifecycle.create(cluster, inputs);
          assert.equal(id, "ca55631f9f3d59dcBBBB");
          assert.equal(revealed(outs["secretAccessKey"]), "OF THE SECOND");
        });
      },
    );
  });
});
