import assert from "node:assert/strict";
import type { Contender } from "../../bench/contenders";
import { interleave, median, spread } from "../../bench/interleave";
import { baselineProgram, ourProgram } from "../../bench/programs";

describe("interleave", () => {
  it("runs contenders in turns, each first in every other round, and returns the requests of the last round", async () => {
    const order: string[] = [];
    const contender = (name: string): Contender => ({
      name,
      pulumi: () => {
        order.push(name);
        return Promise.resolve();
      },
      command: () => Promise.reject(new Error("not used")),
      requests: () => ({ getUser: order.filter((each) => each === name).length }),
      peaks: () => ({ host: order.length, program: 1 }),
      cpu: () => order.length,
      stateBytes: () => order.length,
      close: () => Promise.resolve(),
    });
    const before = (each: Contender) => {
      order.push(`(${each.name})`);
      return Promise.resolve();
    };
    const measured = await interleave([contender("a"), contender("b")], {
      name: "up",
      args: ["up"],
      rounds: 2,
      before,
    });
    assert.deepEqual(order, ["(a)", "a", "(b)", "b", "(b)", "b", "(a)", "a"]);
    assert.equal(measured.get("a")?.ms.length, 2);
    assert.deepEqual(measured.get("b")?.requests, { getUser: 2 });
    assert.deepEqual(measured.get("a")?.peaks, { host: 8, program: 1 });
    assert.deepEqual([measured.get("a")?.cpu, measured.get("b")?.stateBytes], [[2, 8], 6]);
  });
});

describe("median and spread", () => {
  it("return the middle, and the range relative to it", () => {
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
    assert.equal(spread([2, 1, 3]), 1);
  });
});

describe("the program of the baseline", () => {
  it("stores a provider's text of the same length as ours, for the same number of resources", () => {
    const text = /exports\.handler[^"]*"[^"]*"[^"]*/;
    const [baseline = ""] =
      text.exec(baselineProgram(2).replaceAll('\\"', "'").replaceAll("'", '"')) ?? [];
    const ours = 'exports.handler = () => require("pulumi-ostor/provider").accessKey';
    assert.equal(baseline.length, ours.length);
    assert.equal((ourProgram(2).match(/new /g) ?? []).length, 2);
    assert.equal((baselineProgram(2).match(/new Baseline/g) ?? []).length, 2);
  });
});
