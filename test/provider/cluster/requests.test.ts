import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessKeyLifecycle } from "../../../provider/resources/accessKey/accessKey";
import type { Bag } from "../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../provider/resources/user/user";
import { fromState, useEmulator, userOn } from "../harness";

const emailAddress = "ops@acme.example";
const declared = {
  emailAddress,
  state: "enabled",
  createAccessKey: false,
  deleteEmptyBuckets: false,
};

describe("requests of an operation", () => {
  const setup = useEmulator();
  const counted: string[] = [];
  const create = (more: Bag = {}) => userLifecycle.create(setup.cluster, { ...declared, ...more });
  const state = async () =>
    fromState((await userLifecycle.read(setup.open(), emailAddress, declared)).props);
  const key = () => {
    const { userId, accessKeys } = userOn(setup.emulator, emailAddress);
    const [{ accessKeyId } = { accessKeyId: "" }] = accessKeys;
    return { id: accessKeyId, state: { emailAddress, userId, accessKeyId } };
  };
  const keyOf = (more: Bag = {}) =>
    accessKeyLifecycle.create(setup.cluster, {
      user: emailAddress,
      replaceOrder: "create-first",
      ...more,
    });
  /** One user exists that this run did not create. The run created another, so its list is cached. */
  const existing = async () => {
    setup.emulator.cluster.createUser(emailAddress);
    await create({ emailAddress: "first@acme.example" });
  };
  /** Runs the operation and compares its requests with its row in the documentation. */
  const counts = (name: string, before: () => Promise<unknown>, work: () => Promise<unknown>) => {
    counted.push(name);
    it(`of "${name}" are those of the table`, async () => {
      await before();
      setup.emulator.clearRequests();
      await work();
      assert.deepEqual(setup.operations().sort(), table().get(name)?.sort());
    });
  };
  const first = () => create({ emailAddress: "first@acme.example" });
  const nothing = () => Promise.resolve();

  counts("create the first user of a run", nothing, () => create());
  counts("create a user", first, () => create());
  counts("create a user with its own key", first, () => create({ createAccessKey: true }));
  counts("create a disabled user", first, () => create({ state: "disabled" }));
  counts("adopt a user", existing, () =>
    create({ adopt: userOn(setup.emulator, emailAddress).userId }),
  );
  counts("disable or enable a user", existing, async () => {
    const known = await state();
    setup.emulator.clearRequests();
    await userLifecycle.update(setup.cluster, emailAddress, known, {
      ...declared,
      state: "disabled",
    });
  });
  counts("delete a user", existing, async () => {
    const known = await state();
    setup.emulator.clearRequests();
    await userLifecycle.delete(setup.cluster, emailAddress, known);
  });
  counts(
    "create a key of a user that this run created",
    () => create(),
    () => keyOf(),
  );
  counts("create a key of another user", existing, () => keyOf());
  counts("adopt a key", existing, () => keyOf({ adopt: key().id }));
  counts("revoke a key", existing, async () => {
    const { id, state: known } = key();
    await accessKeyLifecycle.delete(setup.cluster, id, known);
  });

  it("are the rows of the table", () => {
    assert.deepEqual([...table().keys()].sort(), counted.sort());
  });
});

/** The rows `| operation | requests |` below the heading. */
function table(): Map<string, string[]> {
  const text = readFileSync(join(__dirname, "../../../docs/performance.md"), "utf8");
  const [, section = ""] = text.split("## Requests of an operation\n");
  const [part = ""] = section.split("\n## ");
  const rows = part.split("\n").filter((line) => line.startsWith("| ") && line.includes("`"));
  return new Map(
    rows.map((line) => {
      const [, name = "", requests = ""] = line.split("|").map((cell) => cell.trim());
      return [name, [...requests.matchAll(/`(\w+)`/g)].map(([, word = ""]) => word)];
    }),
  );
}
