import assert from "node:assert/strict";
import { signedFor } from "../fuzz/certificates";
import { withProxy } from "../provider/api/proxy";
import { configureRequest, resourceCalls, settingsOf, startPlugin, urnOf } from "./plugin";

const address = "ops@acme.example";

/** The bundle has its own copy of the HTTP client, and the code of tunnels. */
describe("the bundle behind a proxy", function () {
  this.timeout(30_000);

  /** Creates a user on an emulator with TLS, and returns the endpoint's port. */
  async function createUser(environment: NodeJS.ProcessEnv): Promise<string> {
    const { key, cert, ca } = await signedFor("localhost");
    const plugin = await startPlugin(environment, { emulator: { tls: { key, cert } } });
    try {
      const endpoint = plugin.emulator.endpoint.replace("127.0.0.1", "localhost");
      const settings = { ...settingsOf(plugin.emulator), endpoint, caPem: ca };
      await plugin.call("configure", configureRequest(settings));
      await resourceCalls(plugin).create(urnOf("User"), { emailAddress: address });
      assert(plugin.emulator.cluster.user(address));
      return new URL(endpoint).port;
    } finally {
      await plugin.stop();
    }
  }

  it("opens a tunnel through HTTPS_PROXY", async () => {
    await withProxy(async (proxy, seen) => {
      const port = await createUser({ HTTPS_PROXY: proxy });
      assert.deepEqual([...new Set(seen)], [`CONNECT localhost:${port}`]);
    });
  });

  it("connects directly to what NO_PROXY lists", async () => {
    await withProxy(async (proxy, seen) => {
      await createUser({ HTTPS_PROXY: proxy, NO_PROXY: "localhost" });
      assert.deepEqual(seen, []);
    });
  });
});
