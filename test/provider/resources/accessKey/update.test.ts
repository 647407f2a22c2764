import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { failureOf, revealed } from "../../harness";
import { address, useUser } from "./useUser";

describe("update of an access key", () => {
  const { setup, inputs, created, keys } = useUser();

  it("completes a partially created key: reads its secret, and stores keepers", async () => {
    const { id, state } = await created();
    const { secretAccessKey: _, ...partial } = state;
    const news = inputs({ keepers: { rotated: "1" } });
    const { outs } = await accessKeyLifecycle.update(setup.cluster, id, partial, news);
    assert.equal(revealed(outs["secretAccessKey"]), keys()[0]?.secretAccessKey);
    assert.deepEqual(outs["keepers"], { rotated: "1" });
  });

  it("reports that the key no longer exists, and names the next command", async () => {
    const { id, state } = await created();
    setup.emulator.cluster.revokeKey(id);
    const work = accessKeyLifecycle.update(setup.cluster, id, state, inputs());
    assert.equal(
      (await failureOf(work)).message,
      `read key ${id} of user ${address}: it does not exist any more; run: pulumi up --refresh`,
    );
  });
});
