import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { withEmulator } from "../emulator/withEmulator";

const cli = join(__dirname, "..", "..", "emulator", "cli.ts");

describe("where an emulator listens", function () {
  this.timeout(60_000);

  it("is only this machine by default", async function () {
    const addresses = Object.values(networkInterfaces()).flat();
    const outer = addresses.find((each) => each?.internal === false && each.family === "IPv4");
    if (!outer) this.skip();
    await withEmulator({}, async (emulator) => {
      const port = Number(new URL(emulator.endpoint).port);
      assert.equal(await connects(port, "127.0.0.1"), true);
      assert.equal(await connects(port, outer.address), false);
    });
    await withEmulator({ host: "0.0.0.0" }, async (emulator) => {
      assert.equal(await connects(Number(new URL(emulator.endpoint).port), outer.address), true);
    });
  });

  for (const [host, isWarned] of [
    ["0.0.0.0", true],
    ["::", true],
    ["127.0.0.2", false],
    ["localhost", false],
  ] as const) {
    it(`causes ${isWarned ? "a" : "no"} warning with --host ${host}`, async () => {
      const stderr = await startAndStop("--host", host);
      if (!isWarned) assert.equal(stderr, "");
      else
        assert.match(stderr, /^ostor-emulator: warning: http:\S+ [^\n]* other machines; [^\n]*\n$/);
    });
  }
});

async function connects(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("connect", () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}

/** The standard error of the command line. */
async function startAndStop(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", cli, ...args]);
  let stderr = "";
  child.stderr.on("data", (data) => (stderr += String(data)));
  child.stdout.once("data", () => child.kill("SIGTERM"));
  await new Promise((resolve) => child.on("close", resolve));
  return stderr;
}
