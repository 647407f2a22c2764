import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { failureOf } from "../../harness";
import { address, useUser } from "./useUser";

describe("delete of an access key", () => {
  const { setup, created, keys } = useUser();
  const remove = (id: string, state: Bag) => accessKeyLifecycle.delete(setup.cluster, id, state);

  it("revokes only this key", async () => {
    const { id, state } = await created();
    const other = await created();
    await remove(id, state);
    assert.deepEqual(
      keys().map(({ accessKeyId }) => accessKeyId),
      [other.id],
    );
  });

  it("succeeds when the key or its user no longer exists", async () => {
    const { id, state } = await created();
    setup.emulator.cluster.revokeKey(id);
    await remove(id, state);
    setup.emulator.cluster.deleteUser(address);
    await remove(id, state);
    assert(!setup.operations().includes("revokeKey"));
  });

  it("revokes no key of a user that was re-created under the address", async () => {
    const { id, state } = await created();
    await remove(id, { ...state, userId: "0123456789abcdef" });
    assert.equal(keys().length, 1);
  });

  it("revokes a key of an older state, which lacks the user's id", async () => {
    const { id, state } = await created();
    const { userId: _, ...older } = state;
    await remove(id, older);
    assert.deepEqual(keys(), []);
  });

  it("does not treat a 404 of another web server as a revocation", async () => {
    const { id, state } = await created();
    for (const operation of ["getUser", "getUser", "listUsers"]) {
      setup.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    await failureOf(remove(id, state));
    assert.equal(keys().length, 1);
  });
});
