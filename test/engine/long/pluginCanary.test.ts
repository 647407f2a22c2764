import { requireSuccess, useCluster } from "../harness";
import { usePlugin } from "../pluginStack";
import { secretProgram, watchSecrets } from "../secretWatch";

// From -v=9 on, the engine itself prints what it sends to a plugin.
const verbose = ["-v=7", "--logtostderr"];

describe("secrets, in runs of a program on the plugin", () => {
  const used = useCluster();
  usePlugin(used);
  const watch = watchSecrets(used);

  it("are neither printed nor stored in plain text by verbose runs and by --debug", async () => {
    const { stack, emulator } = used;
    const declare = (state: string, suffix = "") => {
      stack.program(`ostor.usePlugin();
        const config = new pulumi.Config("ostor");
        const [endpoint, accessKeyId] = ["endpoint", "accessKeyId"].map((name) => config.require(name));
        const secretAccessKey = config.requireSecret("secretAccessKey");
        new ostor.Provider("explicit", { endpoint, accessKeyId, secretAccessKey });
        ${secretProgram(state, suffix)}`);
    };
    declare("enabled");
    requireSuccess(await watch.record(stack.up("--diff", ...verbose)));
    declare("disabled", "again");
    requireSuccess(await watch.record(stack.preview("--diff", "--debug")));
    emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    await watch.record(stack.up("--diff", "--debug"));
    watch.assertNotStored();
    requireSuccess(await watch.record(stack.up("--debug", ...verbose)));
    emulator.failNext({ operation: "getUser", kind: "wrongShape" });
    await watch.record(stack.refresh("--diff", ...verbose));
    requireSuccess(await watch.record(stack.destroy("--debug", ...verbose)));
    watch.assertNotPrinted();
    watch.assertNotStored();
  });
});
