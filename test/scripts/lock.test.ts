import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withPlace } from "./fakes";

/** Writes a lock of an owner, and returns the owner's file. */
async function writeLock(lock: string, owner: string): Promise<string> {
  const file = join(lock, owner);
  await mkdir(lock, { recursive: true });
  await writeFile(file, "");
  return file;
}

/** Acquires the lock several times at once; returns how many jobs ran at the same time at most. */
async function acquireSixTimes(lock: string, lines: string[]): Promise<number> {
  const { withLock } = await import("../../scripts/lock.mjs");
  let [inside, most] = [0, 0];
  const options = { log: (line: string) => void lines.push(line), what: "working", pollMs: 5 };
  const jobs = Array.from({ length: 6 }, () =>
    withLock(lock, options, async () => {
      most = Math.max(most, ++inside);
      await sleep(10);
      inside--;
    }),
  );
  await Promise.all(jobs);
  return most;
}

const exitedPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

describe("withLock", () => {
  it("runs one job at a time and leaves nothing behind", async () => {
    await withPlace(async ({ folder, lines }) => {
      assert.equal(await acquireSixTimes(join(folder, "locks", "one"), lines), 1);
      assert.deepEqual(await readdir(join(folder, "locks")), []);
      assert.match(
        lines[0] ?? "",
        new RegExp(`^Waiting for process ${process.pid}, which is working `),
      );
    });
  });

  it("removes the lock of an exited owner, once", async () => {
    await withPlace(async ({ folder, lines }) => {
      const pid = exitedPid();
      await writeLock(join(folder, "lock"), `${pid}@${hostname()}@x`);
      assert.equal(await acquireSixTimes(join(folder, "lock"), lines), 1);
      assert.ok(lines.includes(`Process ${pid} exited while working. Removing its lock.`));
    });
  });

  it("removes the lock of an owner on another host that has not touched it for long", async () => {
    await withPlace(async ({ folder, lines }) => {
      const file = await writeLock(join(folder, "lock"), "1@another-host@x");
      await utimes(file, new Date(0), new Date(0));
      assert.equal(await acquireSixTimes(join(folder, "lock"), lines), 1);
    });
  });

  it("waits for an owner on another host that is running", async () => {
    await withPlace(async ({ folder, lines }) => {
      const lock = join(folder, "lock");
      const file = await writeLock(lock, "1@another-host@x");
      const acquired = acquireSixTimes(lock, lines);
      await sleep(200);
      assert.deepEqual(await readdir(lock), ["1@another-host@x"]);
      await rm(file);
      assert.equal(await acquired, 1);
    });
  });

  it("is released if the job fails", async () => {
    await withPlace(async ({ folder, options }) => {
      const { withLock } = await import("../../scripts/lock.mjs");
      const lock = join(folder, "lock");
      const failing = withLock(lock, { ...options, what: "working" }, () =>
        Promise.reject(new Error("no")),
      );
      await assert.rejects(failing, { message: "no" });
      assert.ok(!(await readdir(folder)).includes("lock"));
    });
  });
});
