import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { failureOf, fromState, revealed, withCluster, withWebServer } from "../../harness";
import { address, useUser } from "./useUser";

describe("read of an access key", () => {
  const { setup, created, keys, userId } = useUser();
  const read = (id: string, state: Bag) => accessKeyLifecycle.read(setup.cluster, id, state);

  it("returns the outputs and the matching inputs", async () => {
    const { id, state } = await created({ keepers: { rotated: "1" } });
    const { id: found, props, inputs } = await read(id, state);
    assert.equal(found, id);
    assert.deepEqual(fromState(props), state);
    assert.equal(revealed(props?.["secretAccessKey"]), keys()[0]?.secretAccessKey);
    assert.deepEqual(inputs, {
      user: address,
      userId: userId(),
      replaceOrder: "create-first",
      keepers: { rotated: "1" },
    });
  });

  it("reads a secret that is missing in the state", async () => {
    const { id, state } = await created();
    const { secretAccessKey, ...incomplete } = state;
    const { props } = await read(id, incomplete);
    assert.equal(revealed(props?.["secretAccessKey"]), secretAccessKey);
  });

  it("returns nothing for a key that was revoked outside", async () => {
    const { id, state } = await created();
    setup.emulator.cluster.revokeKey(id);
    assert.deepEqual(await read(id, state), {});
  });

  it("returns nothing for a key whose user was deleted outside", async () => {
    const { id, state } = await created();
    setup.emulator.cluster.deleteUser(address);
    assert.deepEqual(await read(id, state), {});
  });

  it("returns nothing for a key whose user was re-created outside", async () => {
    const { id, state } = await created();
    setup.emulator.cluster.deleteUser(address);
    setup.emulator.cluster.createUser(address);
    assert.deepEqual(await read(id, state), {});
  });

  it("finds a key by its id only, through the first 16 characters", async () => {
    const { accessKeyId, secretAccessKey } = setup.emulator.cluster.generateKey(address);
    const { props } = await read(accessKeyId, {});
    assert.deepEqual(fromState(props), {
      emailAddress: address,
      userId: userId(),
      accessKeyId,
      secretAccessKey,
    });
    assert.deepEqual(setup.operations(), ["getUserById"]);
  });

  it("fails for an id that does not exist", async () => {
    const { message } = await failureOf(read("0123456789abcdefABCD", {}));
    assert.match(message, /^read key 0123456789abcdefABCD: no user of the cluster has it; /);
  });

  it("fails on a web server that returns 404 for everything", async () => {
    const { id, state } = await created();
    await withWebServer(
      (_, response) => response.writeHead(404).end(),
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          for (const known of [state, {}]) {
            const error = await failureOf(accessKeyLifecycle.read(cluster, id, known));
            assert(error instanceof ApiError);
          }
        });
      },
    );
  });
});

describe("read of an access key whose id does not start with the user's id", () => {
  const id = "CUSTOMKEYOFTHEPANEL1";
  const user = {
    UserEmail: address,
    UserId: "ca55631f9f3d59dc",
    AWSAccessKeys: [{ AWSAccessKeyId: id, AWSSecretAccessKey: "SECRET" }],
  };

  it("finds it through the list if that contains keys", async () => {
    await withWebServer(
      (request, response) => {
        if (request.url === "/?ostor-users") response.end(JSON.stringify([user]));
        else if (request.url?.includes("&id=") === true) response.writeHead(404).end();
        else response.end(JSON.stringify(user));
      },
      async (endpoint) => {
        await withCluster(endpoint, async (cluster) => {
          const { props } = await accessKeyLifecycle.read(cluster, id, {});
          assert.equal(props?.["emailAddress"], address);
          assert.equal(revealed(props["secretAccessKey"]), "SECRET");
        });
      },
    );
  });
});
