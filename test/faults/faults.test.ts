import assert from "node:assert/strict";
import { createClient } from "../../provider/api/client";
import { createEmulator } from "../../emulator";
import { settingsOf } from "../provider/harness";
import { faults } from "./faults";
import { startProxy } from "./proxy";

/** The result of a PUT of a client without retries, and whether it was carried out. */
const expected: Record<string, { outcome: RegExp; isCarriedOut: boolean }> = {
  refused: { outcome: /ECONNREFUSED/, isCarriedOut: false },
  "reset before": { outcome: /ECONNRESET/, isCarriedOut: false },
  "reset after": { outcome: /ECONNRESET/, isCarriedOut: true },
  "half answer": { outcome: /other side closed|terminated/, isCarriedOut: true },
  "time-out before": { outcome: /timeout: no complete answer/, isCarriedOut: false },
  "time-out after": { outcome: /timeout: no complete answer/, isCarriedOut: true },
  drip: { outcome: /timeout: no complete answer/, isCarriedOut: true },
  "429": { outcome: /answered 429 Busy: Come back later$/, isCarriedOut: false },
  "429, wait": { outcome: /answered 429 .*asks to wait 3600 s$/, isCarriedOut: false },
  "500": { outcome: /answered 500 Busy: Come back later$/, isCarriedOut: false },
  "502": { outcome: /answered 502$/, isCarriedOut: false },
  "502 after": { outcome: /answered 502$/, isCarriedOut: true },
  "503": { outcome: /answered 503 Busy: Come back later$/, isCarriedOut: false },
  "HTML 200": { outcome: /\(text\/html\) but a web page/, isCarriedOut: false },
  "HTML 404": { outcome: /answered 404$/, isCarriedOut: false },
  "empty body": { outcome: /it is empty/, isCarriedOut: true },
  "wrong shape": { outcome: /UserEmail: Invalid input/, isCarriedOut: true },
  late: { outcome: /^created$/, isCarriedOut: true },
};

describe("a fault", () => {
  for (const [name, { outcome, isCarriedOut }] of Object.entries(expected)) {
    it(`${name}: has its documented effect`, async () => {
      const emulator = createEmulator();
      const proxy = await startProxy(await emulator.start());
      // Only time-outs need a short limit. A busy machine needs time for the others.
      const timeoutSeconds = outcome.source.startsWith("timeout") ? "1" : "20";
      const raw = { endpoint: proxy.endpoint, timeoutSeconds, maxRetries: "0" };
      const client = createClient(settingsOf({ ...emulator.credentials, ...raw }));
      const fault =
        faults.find((each) => each.name === name) ?? assert.fail("the fault does not exist");
      try {
        const aim = { kind: "createUser", nth: 0, index: 0 } as const;
        const plan = fault.plan(aim, "gone", { proxy, now: Date.now });
        await proxy.follow(plan ?? assert.fail("the fault has no plan"));
        const result = await client.createUser("ops@acme.example").then(
          () => "created",
          (error: unknown) => (error instanceof Error ? error.message : ""),
        );
        assert.match(result, outcome);
        assert.equal(emulator.cluster.users().length, isCarriedOut ? 1 : 0);
      } finally {
        await client.close();
        await emulator.stop();
        await proxy.close();
      }
    });
  }

  it("is in this list, unless it affects reads after a write or clocks", () => {
    const names = faults.map(({ name }) => name).filter((name) => !(name in expected));
    assert.deepEqual(names, ["stale reads", "lost, stale", "skew"]);
  });
});
