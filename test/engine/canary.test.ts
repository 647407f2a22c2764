import { requireSuccess, useCluster } from "./harness";
import { secretProgram, verbose, watchSecrets } from "./secretWatch";

describe("secrets", () => {
  const used = useCluster();
  const watch = watchSecrets(used);

  it("are neither printed nor stored in plain text by verbose runs that create, rotate, fail and destroy", async () => {
    const { stack, emulator } = used;
    stack.program(secretProgram("enabled"));
    requireSuccess(await watch.record(stack.pulumi(["up", "--yes", "--diff", ...verbose])));
    emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    stack.program(secretProgram("disabled", "again"));
    await watch.record(stack.up("--diff", ...verbose));
    emulator.failNext({ operation: "getUser", kind: "wrongShape" });
    await watch.record(stack.refresh("--diff", ...verbose));
    watch.assertNotStored();
    requireSuccess(await watch.record(stack.destroy(...verbose)));
    watch.assertNotPrinted();
    watch.assertNotStored();
  });
});
