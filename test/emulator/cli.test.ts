import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

import { defaultAssumptions } from "../../emulator";
import { readCommandLine } from "../../emulator/commandLine";
import { withEmulator } from "./withEmulator";

const command = resolve(__dirname, "../../dist/emulator/cli.js");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): {
  child: ChildProcess;
  ended: Promise<Ended>;
  ready: Promise<string>;
} {
  const child = spawn(process.execPath, [command, ...args]);
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (data) => (stderr += String(data)));
  const ready = new Promise<string>((resolve) => {
    child.stdout.on("data", (data) => {
      stdout += String(data);
      if (/secretAccessKey: .*\n/.test(stdout)) resolve(stdout);
    });
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return { child, ended, ready };
}

describe("the command line", function () {
  this.timeout(30_000);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`prints its endpoint and credentials, serves, and stops cleanly on ${signal}`, async () => {
      const { child, ended, ready } = run("--access-key-id", "ID", "--secret-access-key", "SECRET");
      const printed = await ready;
      const [, endpoint = ""] = /^endpoint: (http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed) ?? [];
      assert.match(printed, /^accessKeyId: ID\nsecretAccessKey: SECRET$/m);
      assert.equal((await fetch(endpoint)).status, 403);
      child.kill(signal);
      assert.deepEqual(await ended, { code: 0, stdout: printed, stderr: "" });
    });
  }

  it("fails with 1 and one line when the port is in use", async () => {
    await withEmulator({}, async (emulator) => {
      const { port } = new URL(emulator.endpoint);
      const { code, stdout, stderr } = await run("--port", port).ended;
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^ostor-emulator: cannot listen: .*EADDRINUSE.*\n$/);
    });
  });

  it("fails with 2 and one line for an invalid flag", async () => {
    const { code, stdout, stderr } = await run("--prot", "1").ended;
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^ostor-emulator: Unknown option '--prot'.*\n$/);
  });

  it("prints help with every flag and every assumption", async () => {
    const { code, stdout } = await run("--help").ended;
    assert.equal(code, 0);
    assert.match(stdout, /--host ADDRESS .*\(default 127\.0\.0\.1\)/);
    for (const [name, value] of Object.entries(defaultAssumptions)) {
      assert.ok(stdout.includes(`  ${name}=${String(value)}\n`), name);
    }
  });
});

describe("readCommandLine", () => {
  it("reads every flag", () => {
    const assumed = ["listShape=object", "listKeys=true", "lagMs=5", "signatureVersions=v2"];
    const args = ["--port", "8080", "--host", "::1", "--seed", "3", "--delay-ms", "4"];
    const all = [...args, ...assumed.flatMap((setting) => ["--assume", setting])];
    assert.deepEqual(readCommandLine(all), {
      options: {
        ...{ port: 8080, host: "::1", seed: 3, delayMs: 4 },
        assumptions: { listShape: "object", listKeys: true, lagMs: 5, signatureVersions: ["v2"] },
      },
    });
  });

  const wrong: [string[], RegExp][] = [
    [["--port", "http"], /--port takes a whole number, not http/],
    [["--port"], /argument missing/],
    [["extra"], /Unexpected argument 'extra'/],
    [["--assume", "listKeys"], /NAME=VALUE/],
    [["--assume", "listKeys=yes"], /true or false, not yes/],
    [["--assume", "toString=1"], /unknown assumption toString/],
    [["--tls-key", "k.pem"], /require each other/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(() => readCommandLine(args), message);
    });
  }
});
