import { requireSuccess, settingsOf, useCluster } from "../harness";
import { secretProgram, verbose, watchSecrets } from "../secretWatch";

describe("secrets, in runs with wrong settings and in previews", () => {
  const used = useCluster();
  const watch = watchSecrets(used);

  it("are neither printed nor stored in plain text", async () => {
    const { stack, emulator } = used;
    stack.program(secretProgram("enabled"));
    requireSuccess(await watch.record(stack.preview("--diff", ...verbose)));
    requireSuccess(await watch.record(stack.up(...verbose)));
    stack.program(secretProgram("disabled", "now"));
    requireSuccess(await watch.record(stack.preview("--diff", ...verbose)));
    requireSuccess(await watch.record(stack.up("--diff", ...verbose)));
    requireSuccess(await watch.record(stack.refresh("--diff", ...verbose)));
    await stack.config({ "ostor:accessKeyId": "NOSUCHKEY" });
    await watch.record(stack.up(...verbose));
    await stack.config({ "ostor:secretAccessKey": `${emulator.credentials.secretAccessKey} ` });
    await watch.record(stack.preview(...verbose));
    await stack.config(settingsOf(emulator));
    requireSuccess(await watch.record(stack.up(...verbose)));
    requireSuccess(await watch.record(stack.destroy(...verbose)));
    watch.assertNotPrinted();
    watch.assertNotStored();
  });
});
