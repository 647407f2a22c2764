import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withPlace } from "./fakes";

/** Leaves a lock as its owner would, and returns the owner's file. */
async function leaveLock(lock: string, owner: string): Promise<string> {
  const file = join(lock, owner);
  await mkdir(lock, { recursive: true });
  await writeFile(file, "");
  return file;
}

/** Takes the lock several times at once; returns how many were inside together at most. */
async function crowd(lock: string, lines: string[]): Promise<number> {
  const { withLock } = await import("../../scripts/lock.mjs");
  let [inside, most] = [0, 0];
  const options = { log: (line: string) => void lines.push(line), what: "work", pollMs: 5 };
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

const gone = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

describe("withLock", () => {
  it("lets in one at a time and leaves nothing behind", async () => {
    await withPlace(async ({ folder, lines }) => {
      assert.equal(await crowd(join(folder, "locks", "one"), lines), 1);
      assert.deepEqual(await readdir(join(folder, "locks")), []);
      assert.match(lines[0] ?? "", new RegExp(`^Process ${process.pid} is at work: waiting`));
    });
  });

  it("takes over from a dead owner, once", async () => {
    await withPlace(async ({ folder, lines }) => {
      const pid = gone();
      await leaveLock(join(folder, "lock"), `${pid}@${hostname()}@x`);
      assert.equal(await crowd(join(folder, "lock"), lines), 1);
      assert.ok(lines.includes(`Process ${pid} was at work and is gone: taking over.`));
    });
  });

  it("takes over from an owner elsewhere that gave no sign of life for long", async () => {
    await withPlace(async ({ folder, lines }) => {
      const file = await leaveLock(join(folder, "lock"), "1@another-host@x");
      await utimes(file, new Date(0), new Date(0));
      assert.equal(await crowd(join(folder, "lock"), lines), 1);
    });
  });

  it("waits for an owner elsewhere that is alive", async () => {
    await withPlace(async ({ folder, lines }) => {
      const lock = join(folder, "lock");
      const file = await leaveLock(lock, "1@another-host@x");
      const crowded = crowd(lock, lines);
      await sleep(200);
      assert.deepEqual(await readdir(lock), ["1@another-host@x"]);
      await rm(file);
      assert.equal(await crowded, 1);
    });
  });

  it("is given back when the job fails", async () => {
    await withPlace(async ({ folder, options }) => {
      const { withLock } = await import("../../scripts/lock.mjs");
      const lock = join(folder, "lock");
      const failing = withLock(lock, { ...options, what: "work" }, () =>
        Promise.reject(new Error("no")),
      );
      await assert.rejects(failing, { message: "no" });
      assert.ok(!(await readdir(folder)).includes("lock"));
    });
  });
});
