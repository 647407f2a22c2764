import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer as createHttps } from "node:https";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { generate } from "selfsigned";
import { withWebServer } from "../provider/harness";
import { command } from "./command";
import { stateOf, usePlace } from "./place";
import { tenantIn, type Printed } from "./statePlace";

/** A receiver of reports, which refuses the first posts with the given statuses. */
async function withReceiver(
  statuses: number[],
  work: (url: string, received: Printed[]) => Promise<void>,
  open: (
    listener: (request: IncomingMessage, response: ServerResponse) => void,
  ) => Server = createServer,
): Promise<void> {
  const received: Printed[] = [];
  const server = open((request, response) => {
    void text(request).then((body) => {
      const status = statuses.shift() ?? 200;
      if (status < 300) received.push(JSON.parse(body) as Printed);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    await work(`127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=T0KEN`, received);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

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

    it("prints and posts only changes, survives an outage with one line, and ends with 0 on a signal", async () => {
      await withReceiver([], async (address, received) => {
        const { child, printed, ended, until } = start("--webhook", `http://${address}`);
        try {
          await until("stdout", /^No drift: /m);
          suspend("disabled");
          await until("stdout", /^Drift: 1 difference;/m);
          await place.emulator.stop();
          await until("stderr", /^pulumi-ostor: Drift is not known: [^\n]* \[[\w-]+\]\n/);
          await wait(3000);
          await place.emulator.start();
          suspend("enabled");
          await until("stdout", /No drift: [^]*Drift: [^]*No drift: /);
          await wait(1500);
        } finally {
          child.kill("SIGTERM");
        }
        assert.equal(await ended, 0);
        assert.equal(printed.stderr.split("\n").length, 2, printed.stderr);
        assert.equal(printed.stdout.match(/drift: |^Drift: /gim)?.length, 3, printed.stdout);
        assert.deepEqual(
          received.map(({ result }) => result),
          ["same", "differs", "unknown", "same"],
        );
      });
    });

    it("prints one line for an outage whose failures differ", async () => {
      place.config["ostor:deadlineSeconds"] = { value: "1" };
      let isCut = false;
      const answer = (_: IncomingMessage, response: ServerResponse) => {
        if (isCut) response.destroy();
        else response.writeHead(400).end();
      };
      await withWebServer(answer, async (endpoint) => {
        const { child, printed, ended, until } = start("--endpoint", endpoint);
        try {
          await until("stderr", /\[service-refused\]/);
          isCut = true;
          await wait(6000);
        } finally {
          child.kill("SIGTERM");
        }
        assert.equal(await ended, 0);
        assert.match(printed.stderr, /^[^\n]*Drift is not known: [^\n]*\n$/);
      });
    });

    it("prints once that a report cannot be passed on, and again after a success", async () => {
      const [file, parent] = [join(folder, "made", "ostor.prom"), join(folder, "made")];
      const { child, printed, ended, until } = start(
        ...["--webhook", "http://127.0.0.1:1/hook", "--metrics", file],
      );
      const failures = (code: string) => printed.stderr.split(`[${code}]`).length - 1;
      try {
        await until("stderr", /webhook-failed/);
        await wait(4000);
        assert.deepEqual(["webhook-failed", "metrics-not-written"].map(failures), [1, 1]);
        mkdirSync(parent);
        while (!existsSync(file)) await wait(50);
        rmSync(parent, { recursive: true });
        await until("stderr", /metrics-not-written[^]*metrics-not-written/);
      } finally {
        child.kill("SIGTERM");
      }
      assert.equal(await ended, 0);
      assert.equal(failures("webhook-failed"), 1, printed.stderr);
    });

    it("prints that someone created a deleted user again", async () => {
      const { cluster } = place.emulator;
      cluster.deleteUser("a@x.example");
      const { child, printed, ended, until } = start("--confirm-gone");
      try {
        await until("stdout", /^Drift: 2 differences;/m);
        const { userId } = cluster.createUser("a@x.example");
        await until("stdout", new RegExp(`a@x.example is [^]* with the id ${userId}`));
      } finally {
        child.kill("SIGTERM");
      }
      assert.equal(await ended, 0);
      assert.equal(printed.stdout.match(/^Drift: /gm)?.length, 2, printed.stdout);
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
