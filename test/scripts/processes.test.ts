import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withPlace, writeScript } from "./fakes";

describe("run", () => {
  it("returns the exit code and, with capture, the output", async () => {
    const { run } = await import("../../scripts/processes.mjs");
    const end = await run("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"], { capture: true });
    assert.deepEqual([end.code, end.timedOut], [3, false]);
    assert.deepEqual(end.output.split("\n").sort(), ["", "err", "out"]);
  });

  it("reports in one line what cannot be run", async () => {
    const { run } = await import("../../scripts/processes.mjs");
    await assert.rejects(run("/no/such/program", []), {
      message: "Cannot run /no/such/program: spawn /no/such/program ENOENT",
    });
  });

  it("kills what a stopped child has started in a group of its own", async () => {
    const { run } = await import("../../scripts/processes.mjs");
    await withPlace(async ({ folder }) => {
      const [parent, pidFile] = [join(folder, "parent"), join(folder, "pid")];
      // `set -m` gives a background child its own group, as the engine does with plugins.
      await writeScript(parent, `set -m\n/bin/sleep 60 & echo $! > "${pidFile}"\nwait`);
      const { timedOut } = await run(parent, [], { capture: true, timeoutMs: 3_000 });
      assert.equal(timedOut, true);
      const pid = Number(await readFile(pidFile, "utf8"));
      assert.ok(pid > 0);
      for (let looks = 0; looks < 100 && (await isRunning(pid)); looks += 1) await sleep(50);
      assert.equal(await isRunning(pid), false);
    });
  });
});

/** A killed process is a zombie until its parent reads its exit code. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return !(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ")")).includes(") Z");
  } catch {
    return false;
  }
}
