import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withPlace, writeScript } from "./fakes";

describe("run", () => {
  it("gives the exit code and, when told, the output", async () => {
    const { run } = await import("../../scripts/processes.mjs");
    const end = await run("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"], { capture: true });
    assert.deepEqual([end.code, end.timedOut], [3, false]);
    assert.deepEqual(end.output.split("\n").sort(), ["", "err", "out"]);
  });

  it("says in one line what can't be run", async () => {
    const { run } = await import("../../scripts/processes.mjs");
    await assert.rejects(run("/no/such/program", []), {
      message: "Can't run /no/such/program: spawn /no/such/program ENOENT",
    });
  });

  it("ends what a child started in a group of its own, when it is stopped", async () => {
    const { run } = await import("../../scripts/processes.mjs");
    await withPlace(async ({ folder }) => {
      const [parent, pidFile] = [join(folder, "parent"), join(folder, "pid")];
      // `set -m` gives a child in the background its own group, as the engine does with plugins.
      await writeScript(parent, `set -m\n/bin/sleep 60 & echo $! > "${pidFile}"\nwait`);
      const { timedOut } = await run(parent, [], { capture: true, timeoutMs: 1_000 });
      assert.equal(timedOut, true);
      const pid = Number(await readFile(pidFile, "utf8"));
      assert.ok(pid > 0);
      await sleep(100);
      assert.equal(await isAlive(pid), false);
    });
  });
});

/** A killed process whose new parent doesn't fetch its exit code stays in the table as a zombie. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return !(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ")")).includes(") Z");
  } catch {
    return false;
  }
}
