import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { goBuilds, installGo, type Place, withPlace } from "./fakes";

function findInProcess(place: Place): { child: ChildProcess; ended: Promise<[number, string]> } {
  const script = join(__dirname, "findEngineProcess.mjs");
  const child = spawn(process.execPath, [script, JSON.stringify(place.options)]);
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const ended = new Promise<[number, string]>((resolve) => {
    child.on("close", (code) => {
      resolve([code ?? -1, output]);
    });
  });
  return { child, ended };
}

async function readWhenWritten(file: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.endsWith("\n")) return text.trim();
    await sleep(50);
  }
  throw new Error(`${file} was not written`);
}

describe("the engine's build", () => {
  it("builds both programs from the pinned modules, and prints how long it may take", async () => {
    await withPlace(async (place) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await installGo(place);
      const { pulumi, source } = await findEngine(place.options);
      assert.equal(source, "build");
      const [hosts = "", cli = ""] = await goBuilds(place);
      assert.match(hosts, /engine\/hosts build .*pulumi-language-nodejs$/);
      assert.match(cli, /engine\/cli build .*version\.Version=v3\.259\.0 .*\/cmd\/pulumi$/);
      const files = await readdir(join(pulumi, ".."));
      assert.ok(files.includes("pulumi-resource-pulumi-nodejs"), files.join());
      assert.ok(place.lines.some((line) => line.includes("about 6 minutes")));
    });
  });

  it("names what to install if there is no Go", async () => {
    await withPlace(async ({ options }) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await assert.rejects(
        findEngine(options),
        /no Go .*Install the Pulumi CLI .* or Go .*npm run setup/,
      );
    });
  });

  it("names what to install if Go is too old", async () => {
    await withPlace(async (place) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await installGo(place, "1.20.1");
      await assert.rejects(
        findEngine(place.options),
        /Go is too old .* is 1\.20\.1, required is 1\.\S+\. .*or Go/,
      );
      assert.deepEqual(await goBuilds(place), []);
    });
  });

  it("prints why it failed, and leaves nothing in the cache", async () => {
    await withPlace(async (place) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      const half = 'echo half > "$5/half"; echo "no space left" >&2; exit 1';
      await installGo(place, "1.99.0", half);
      await assert.rejects(findEngine(place.options), /failed \(exit code 1\):\nno space left/);
      assert.deepEqual(await readdir(join(place.cache, "engine")), []);
    });
  });

  it("runs once for two processes", async () => {
    await withPlace(async (place) => {
      await installGo(place, "1.99.0", "/bin/sleep 3");
      const both = [findInProcess(place), findInProcess(place)].map(({ ended }) => ended);
      const [[code, first], [otherCode, second]] = (await Promise.all(both)) as [Ended, Ended];
      assert.deepEqual([code, otherCode], [0, 0], first + second);
      assert.equal((await goBuilds(place)).length, 2);
      assert.match(first + second, /Waiting for process \d+, which is installing the engine/);
    });
  });

  it("ends on Ctrl-C with its children, and leaves no incomplete engine and no lock", async () => {
    await withPlace(async (place) => {
      const marker = join(place.folder, "pid");
      await installGo(place, "1.99.0", `echo $$ > "${marker}"; exec /bin/sleep 60`);
      const { child, ended } = findInProcess(place);
      const pid = Number(await readWhenWritten(marker));
      child.kill("SIGINT");
      const [code, output] = await ended;
      assert.equal(code, 130, output);
      assert.deepEqual(await readdir(join(place.cache, "engine")), []);
      assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    });
    // Well below the 15 s after which children are killed.
  }).timeout(12_000);
});

type Ended = [code: number, output: string];
