import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { generate } from "selfsigned";
import { command } from "./command";
import { stateOf, usePlace } from "./place";
import { withReceiver } from "./receiver";
import { tenantIn, type Printed } from "./statePlace";

describe("pulumi-ostor drift, what it does with the result", function () {
  this.timeout(60_000);
  const place = usePlace();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-rounds-"));
    const names = ["a", "b"].map((name) => tenantIn(place, `${name}@x.example`));
    place.states["selected"] = stateOf(names.flatMap(({ resources }) => resources));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const drift = (...words: string[]) => place.run(["drift", "--stack", "selected", ...words]);
  const suspend = (state: "enabled" | "disabled") => {
    place.emulator.cluster.setUserState("a@x.example", state);
  };

  describe("--metrics", () => {
    it("writes tenants, drift by kind, the time and the duration", async () => {
      const file = join(folder, "ostor.prom");
      writeFileSync(file, "old");
      suspend("disabled");
      const before = Math.floor(Date.now() / 1000);
      assert.equal((await drift("--metrics", file)).code, 7);
      const written = readFileSync(file, "utf8");
      for (const line of [
        "# TYPE pulumi_ostor_tenants gauge",
        'pulumi_ostor_tenants{stack="selected"} 2',
        'pulumi_ostor_drifted{stack="selected",kind="user"} 1',
        'pulumi_ostor_drifted{stack="selected",kind="key"} 0',
        'pulumi_ostor_drifted{stack="selected",kind="bucket"} 0',
      ]) {
        assert(written.includes(`${line}\n`), written);
      }
      const last = /^pulumi_ostor_drift_last_success_timestamp_seconds (\d+)$/m.exec(written)?.[1];
      assert(Number(last) >= before);
      assert.match(written, /^pulumi_ostor_drift_seconds \d+\.\d+$/m);
      assert(
        written
          .split("\n")
          .every((line) => /^($|# (HELP|TYPE) \w+ |\w+(\{.*\})? [\d.]+$)/.test(line)),
      );
      assert.deepEqual(readdirSync(folder), ["ostor.prom"], "no part is left");
    });

    it("writes one sample for a stack that is named twice", async () => {
      const file = join(folder, "ostor.prom");
      await drift("--metrics", file, "--stack", "selected");
      assert.equal(readFileSync(file, "utf8").match(/^pulumi_ostor_tenants\{/gm)?.length, 1);
    });

    it("keeps the file of the last success, and fails if the file cannot be written", async () => {
      const file = join(folder, "ostor.prom");
      await drift("--metrics", file);
      const written = readFileSync(file, "utf8");
      await drift("--metrics", file, "--endpoint", "http://127.0.0.1:1");
      assert.equal(readFileSync(file, "utf8"), written);
      const { code, stderr } = await drift("--metrics", join(folder, "missing", "ostor.prom"));
      assert.match(stderr, /^pulumi-ostor: write [^\n]*ENOENT[^\n]* \[metrics-not-written\]\n$/);
      assert.equal(code, 1);
    });
  });

  describe("--webhook", () => {
    it("posts the report as JSON, and retries if the receiver is busy", async () => {
      suspend("disabled");
      await withReceiver([503, 429], async (address, received) => {
        const { code, stdout } = await drift("--json", "--webhook", `http://${address}`);
        assert.equal(code, 7);
        assert.deepEqual(received, [JSON.parse(stdout)]);
        assert(!JSON.stringify(received).includes(place.emulator.credentials.secretAccessKey));
      });
    });

    it("fails after a few attempts, or at once if it is refused, and never prints the address", async () => {
      for (const [statuses, left] of [
        [[500, 500, 500, 500, 500], 1],
        [[403, 403], 1],
        [[302, 302], 1],
      ] as const) {
        const rest = [...statuses];
        await withReceiver(rest, async (address, received) => {
          const { code, stdout, stderr } = await drift("--webhook", `http://${address}`);
          assert.match(
            stderr,
            /^pulumi-ostor: post the report to http:\/\/127\.0\.0\.1:\d+: status \d+ \[webhook-failed\]\n$/,
          );
          assert(!`${stdout}${stderr}`.includes("T0KEN"));
          assert.deepEqual([code, rest.length, received], [1, left, []]);
        });
      }
      const { stderr } = await drift("--webhook", "http://127.0.0.1:1/T0KEN");
      assert.match(
        stderr,
        /post the report to http:\/\/127\.0\.0\.1:1: ECONNREFUSED \[webhook-failed\]\n$/,
      );
    });

    it("does not post to a server whose certificate is not trusted", async () => {
      const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
      await withReceiver(
        [],
        async (address, received) => {
          const { stderr } = await drift("--webhook", `https://${address}`);
          assert.match(stderr, /SELF_SIGNED_CERT[^\n]* \[webhook-failed\]\n$/);
          assert.deepEqual(received, []);
        },
        (listener) => createHttps({ key, cert }, listener),
      );
    });
  });

  describe("--every", () => {
    /** A process that compares every second. */
    const start = (...words: string[]) => {
      place.publish();
      const flags = [command, "drift", "--stack", "selected", "--every", "1s", ...words];
      const child = spawn(process.execPath, flags, { env: { ...process.env, PATH: place.path() } });
      const printed = { stdout: "", stderr: "" };
      child.stdout.on("data", (data) => (printed.stdout += String(data)));
      child.stderr.on("data", (data) => (printed.stderr += String(data)));
      const ended = new Promise<number | null>((done) => child.on("exit", done));
      const until = async (stream: keyof typeof printed, pattern: RegExp) => {
        const deadline = Date.now() + 20_000;
        while (!pattern.test(printed[stream])) {
          assert(Date.now() < deadline, JSON.stringify(printed));
          await wait(50);
        }
      };
      return { child, printed, ended, until };
    };

    it("prints and posts only changes, and ends with 0 on a signal", async () => {
      await withReceiver([], async (address, received) => {
        const { child, printed, ended, until } = start("--webhook", `http://${address}`);
        try {
          await until("stdout", /^No drift: /m);
          suspend("disabled");
          await until("stdout", /^Drift: 1 difference;/m);
          await wait(2000);
        } finally {
          child.kill("SIGTERM");
        }
        assert.equal(await ended, 0);
        assert.equal(printed.stderr, "");
        assert.equal(printed.stdout.match(/drift: |^Drift: /gim)?.length, 2, printed.stdout);
        assert.deepEqual(
          received.map(({ result }) => result),
          ["same", "differs"],
        );
      });
    });

    it("ends with 0 if its output is closed", async () => {
      const { child, ended, until } = start();
      await until("stdout", /^No drift: /m);
      child.stdout.destroy();
      suspend("disabled");
      const isEnded = await Promise.race([ended, wait(15_000, "running", { ref: false })]);
      child.kill("SIGTERM");
      assert.equal(isEnded, 0);
    });

    it("prints JSON of one line for each change", async () => {
      const { child, printed, ended, until } = start("--json");
      await until("stdout", /\n/);
      suspend("disabled");
      await until("stdout", /\n.*\n/);
      child.kill("SIGINT");
      assert.equal(await ended, 0);
      const lines = printed.stdout.trim().split("\n");
      assert.deepEqual(
        lines.map((line) => (JSON.parse(line) as Printed).result),
        ["same", "differs"],
      );
    });
  });
});
