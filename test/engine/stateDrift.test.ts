import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "./harness";
import { reportsOf, setStored } from "./stateReports";

const program = `
const suspended = new ostor.User("suspended", { emailAddress: "suspended@x.example" });
new ostor.AccessKey("suspended-key", { user: suspended });
new ostor.User("deleted", { emailAddress: "deleted@x.example" });
const fine = new ostor.User("fine", { emailAddress: "fine@x.example", createAccessKey: true });
new ostor.AccessKey("fine-key", { user: fine });
new ostor.User("flagged", { emailAddress: "flagged@x.example" });`;

describe("pulumi-ostor drift of a stack of the engine", function () {
  this.timeout(300_000);
  const used = useCluster();

  it("agrees with the event log of a refresh, line by line", async () => {
    const { stack, emulator } = used;
    stack.program(program);
    requireSuccess(await stack.up());
    const same = await stack.command(["drift"]);
    assert.equal(same.code, 0, same.output);
    assert.match(same.output, /^No drift: 6 resources of stack dev compared with the cluster\n/);
    emulator.cluster.setUserState("suspended@x.example", "disabled");
    emulator.cluster.deleteUser("deleted@x.example");
    await setStored(stack, "flagged@x.example", { flags: ["trial"] });
    const { fast, rows } = await reportsOf(stack);
    assert.equal(fast.code, 7, fast.output);
    assert.equal(rows.fast.length, 3, fast.output);
    assert.deepEqual(rows.fast, rows.logged);
  });
});
