import assert from "node:assert/strict";
import { answerBytes, listBytes } from "../../provider/api/transport";
import { assertClear } from "./clear";
import { ask as askWithin, bare, list, user } from "./giantLists";

/** Of the client's process, in MiB; docs/reliability.md tells what was measured with it. */
const heapMiB = 192;
const count = 100_000;

const ask = (operation: string, pieces: () => Iterable<string>) =>
  askWithin(operation, pieces, heapMiB);

describe(`giant answers, with ${heapMiB} MiB for what the client keeps`, function () {
  this.timeout(600_000);

  const lists = {
    "an array with two pairs each": () => list("[", user, count, "]"),
    "an object with two pairs each": () => list('{"Users":[', user, count, "]}"),
    "an array without keys": () => list("[", bare, count, "]"),
  };
  for (const [name, pieces] of Object.entries(lists)) {
    it(`of ${count} users, ${name}, are read whole`, async () => {
      const { told, sentMiB } = await ask("listUsers", pieces);
      console.log(`      ${sentMiB.toFixed(1)} MiB of users: ${told.peakMiB} MiB at the most`);
      assert.equal(told.count, count, told.message);
      assert.match(told.last ?? "", new RegExp(`tenant-${count - 1}@`));
    });
  }

  it("of no users show what the process takes anyway", async () => {
    const { told } = await ask("listUsers", () => ["[]"]);
    console.log(`      no users: ${told.peakMiB} MiB at the most`);
    assert.equal(told.count, 0);
  });

  it("of 1,000,000 elements that are no users are refused by the first of them", async () => {
    for (const [of, operation] of [
      ["{}", "listUsers"],
      ["0", "listUsers"],
    ] as const) {
      const { told } = await ask(operation, () => list("[", () => of, 1_000_000, "]"));
      assertClear(told.message ?? "");
      assert.match(told.message ?? "", /^list users: the answer is not one .*: 0(\.UserEmail)?: /);
    }
  });

  it("of nothing but empty objects are refused before they are parsed", async () => {
    const { told } = await ask("listUsers", () => list("[", () => "{}", 20_000_000, "]"));
    assertClear(told.message ?? "");
    assert.match(told.message ?? "", /: it has more than 8000000 parts/);
  });

  for (const [operation, maxBytes] of [
    ["listUsers", listBytes],
    ["listBuckets", listBytes],
    ["getUser", answerBytes],
    ["isBucketEmpty", answerBytes],
  ] as const) {
    it(`that never end are cut off: ${operation}`, async () => {
      const limitMiB = maxBytes / 1024 / 1024;
      const endless = function* () {
        // An end there is, or a client without a limit would take the machine's memory.
        for (let mib = 0; mib < 8 * limitMiB + 64; mib += 1) yield " ".repeat(1024 * 1024);
      };
      const { told, sentMiB } = await ask(operation, endless);
      assertClear(told.message ?? "");
      assert.match(told.message ?? "", new RegExp(`: it is larger than ${limitMiB} MiB; `));
      assert(sentMiB < limitMiB + 64, `${sentMiB} MiB were sent`);
    });
  }
});
