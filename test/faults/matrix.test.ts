import assert from "node:assert/strict";
import { bulkhead } from "cockatiel";
import { printed, runCell, type Mark } from "./cell";
import { extents, faults, type Extent, type Fault } from "./faults";
import { cellName, compareWithFile, printedMatrix } from "./matrix";
import { operations, type Operation } from "./operations";

type Outcome = { mark: Mark | undefined } | { error: Error };

/** Cells mostly wait, so several run at the same time. */
const queue = bulkhead(6, Number.POSITIVE_INFINITY);
const results = new Map<string, (Mark | "broken" | undefined)[]>();

async function settle(operation: Operation, fault: Fault, extent: Extent): Promise<Outcome> {
  try {
    return { mark: await queue.execute(() => runCell(operation, fault, extent)) };
  } catch (error) {
    assert(error instanceof Error);
    error.message = `${extent}: ${error.message}`;
    return { error };
  }
}

describe("every fault in every operation", () => {
  const cells = new Map<string, Promise<Outcome[]>>();
  const { warn, info } = console;

  before(() => {
    console.warn = console.info = (text: string) => void printed.getStore()?.push(text);
    for (const operation of operations) {
      for (const fault of faults) {
        const outcomes = extents.map((extent) => settle(operation, fault, extent));
        cells.set(cellName(operation.name, fault.name), Promise.all(outcomes));
      }
    }
  });

  after(() => {
    Object.assign(console, { warn, info });
    console.log(`\n${printedMatrix(results)}\n`);
  });

  for (const operation of operations) {
    describe(operation.name, () => {
      for (const fault of faults) {
        it(`${fault.name}: succeeds, or fails with one line and the next run converges`, async () => {
          const name = cellName(operation.name, fault.name);
          const outcomes = (await cells.get(name)) ?? assert.fail("it did not run");
          const marks = outcomes.map((each) => ("error" in each ? "broken" : each.mark));
          results.set(name, marks);
          for (const each of outcomes) if ("error" in each) throw each.error;
        });
      }
    });
  }

  // A separate describe, because mocha runs the tests of a describe before its nested describes.
  describe("together", () => {
    it("give the table of docs/reliability.md", async () => {
      assert.equal(results.size, operations.length * faults.length);
      const { kept, found } = await compareWithFile(results);
      assert.equal(kept, found, "run: MATRIX=write npm run test:faults");
    });
  });
});
