import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printerOf, type Form } from "../../cli/drift/output";
import { startRounds, type RoundOptions } from "../../cli/drift/state/rounds";
import { withWebServer } from "../provider/harness";
import { stateOf, usePlace } from "./place";
import { withReceiver } from "./receiver";
import { quick } from "./runHere";
import { tenantIn } from "./statePlace";

describe("the comparisons of pulumi-ostor drift --every", () => {
  const place = usePlace();
  beforeEach(() => {
    const names = ["a", "b"].map((name) => tenantIn(place, `${name}@x.example`));
    place.states["selected"] = stateOf(names.flatMap(({ resources }) => resources));
  });
  /** Returns a function that compares once, and returns what was printed. */
  const start = (more: Partial<RoundOptions>) => {
    const options: RoundOptions & Form = {
      ...{ stack: ["selected"], all: false, cwd: process.cwd(), confirmGone: false },
      ...{ json: false, markdown: false, every: 1000 },
      ...more,
    };
    const round = startRounds(options, quick(), printerOf(options));
    return () => place.here(round);
  };

  it("print and post only changes, and one line for an outage", async () => {
    await withReceiver([], async (address, received) => {
      const next = start({ webhook: new URL(`http://${address}`) });
      assert.match((await next()).stdout, /^No drift: /);
      assert.equal((await next()).stdout, "");
      place.emulator.cluster.setUserState("a@x.example", "disabled");
      assert.match((await next()).stdout, /^Drift: 1 difference;/);
      await place.emulator.stop();
      const { stdout, stderr } = await next();
      assert.match(stderr, /^pulumi-ostor: Drift is not known: [^\n]* \[[\w-]+\]\n$/);
      assert.equal(stdout, "");
      assert.equal((await next()).stderr, "");
      await place.emulator.start();
      place.emulator.cluster.setUserState("a@x.example", "enabled");
      const [last, after] = [await next(), await next()];
      assert.match(last.stdout, /^No drift: /);
      assert.deepEqual([last.stderr, after.stdout, after.stderr], ["", "", ""]);
      assert.deepEqual(
        received.map(({ result }) => result),
        ["same", "differs", "unknown", "same"],
      );
    });
  });

  it("print one line for an outage whose failures differ", async () => {
    let isCut = false;
    const answer = (_: IncomingMessage, response: ServerResponse) => {
      if (isCut) response.destroy();
      else response.writeHead(400).end();
    };
    await withWebServer(answer, async (endpoint) => {
      const next = start({ endpoint });
      assert.match(
        (await next()).stderr,
        /^[^\n]*Drift is not known: [^\n]*\[service-refused\]\n$/,
      );
      isCut = true;
      const { stdout, stderr } = await next();
      assert.deepEqual([stdout, stderr], ["", ""]);
    });
  });

  it("print once that a report cannot be passed on, and again after a success", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-rounds-"));
    const parent = join(folder, "made");
    await withReceiver([403, 403, 403], async (address, received) => {
      const webhook = new URL(`http://${address}`);
      const next = start({ webhook, metrics: join(parent, "ostor.prom") });
      const codes = async () =>
        [...(await next()).stderr.matchAll(/\[([\w-]+)\]\n/g)].map(([, code]) => code);
      assert.deepEqual(await codes(), ["metrics-not-written", "webhook-failed"]);
      assert.deepEqual(await codes(), []);
      mkdirSync(parent);
      assert.deepEqual(await codes(), []);
      rmSync(parent, { recursive: true });
      assert.deepEqual(await codes(), ["metrics-not-written"]);
      assert.equal(received.length, 1);
    }).finally(() => {
      rmSync(folder, { recursive: true });
    });
  });

  it("print that someone created a deleted user again", async () => {
    const { cluster } = place.emulator;
    cluster.deleteUser("a@x.example");
    const next = start({ confirmGone: true });
    assert.match((await next()).stdout, /^Drift: 2 differences;/);
    const { userId } = cluster.createUser("a@x.example");
    assert.match((await next()).stdout, new RegExp(`a@x.example is [^]* with the id ${userId}`));
    assert.equal((await next()).stdout, "");
  });
});
