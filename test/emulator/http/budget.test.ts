import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";

import { Budget } from "../../../emulator/http/budget";

const MiB = 1024 * 1024;
const never = new AbortController().signal;

describe("Budget", () => {
  it("admits requests while there is memory, and the others in their order", async () => {
    const budget = new Budget(10 * MiB, 60_000);
    const order: string[] = [];
    const take = async (name: string, bytes: number) => {
      const giveBack = await budget.take(bytes, never);
      order.push(name);
      return giveBack;
    };
    const first = await take("first", 6 * MiB);
    const second = take("second", 8 * MiB);
    const third = take("third", 2 * MiB);
    await wait(10);
    assert.deepEqual(order, ["first"], "the third does not overtake the second");
    first();
    (await second)();
    (await third)();
    assert.deepEqual(order, ["first", "second", "third"]);
  });

  it("never delays a small body", async () => {
    const budget = new Budget(MiB, 60_000);
    await budget.take(MiB, never);
    await budget.take(1000, never);
  });

  it("returns SlowDown after a long wait, and serves the next request", async () => {
    const budget = new Budget(4 * MiB, 20);
    const giveBack = await budget.take(3 * MiB, never);
    const waiting = budget.take(2 * MiB, never);
    const behind = budget.take(MiB, never);
    await assert.rejects(waiting, { code: "SlowDown", status: 503 });
    (await behind)();
    giveBack();
    await budget.take(4 * MiB, never);
  });

  it("removes disconnected clients", async () => {
    const budget = new Budget(4 * MiB, 60_000);
    const giveBack = await budget.take(4 * MiB, never);
    const gone = new AbortController();
    const waiting = budget.take(4 * MiB, gone.signal);
    const late = budget.take(4 * MiB, AbortSignal.abort());
    gone.abort();
    await assert.rejects(waiting, { code: "SlowDown" });
    await assert.rejects(late, { code: "SlowDown" });
    giveBack();
    await budget.take(4 * MiB, never);
  });
});
