import assert from "node:assert/strict";
import { answerBytes, listBytes } from "../../../provider/api/transport";
import { assertClear } from "../clear";
import { bare, callServer, list, user } from "../giantLists";

/** The heap limit of the client's process, in MiB. docs/reliability.md has the results. */
const heapMiB = 192;
const count = 100_000;

const call = (operation: string, pieces: () => Iterable<string>) =>
  callServer(operation, pieces, heapMiB);

describe(`giant responses, with a heap of ${heapMiB} MiB`, function () {
  this.timeout(600_000);

  const lists = {
    "an array with two keys each": () => list("[", user, count, "]"),
    "an object with two keys each": () => list('{"Users":[', user, count, "]}"),
    "an array without keys": () => list("[", bare, count, "]"),
  };
  for (const [name, pieces] of Object.entries(lists)) {
    it(`of ${count} users, ${name}, are read completely`, async () => {
      const { report, sentMiB } = await call("listUsers", pieces);
      console.log(`      ${sentMiB.toFixed(1)} MiB of users: ${report.peakMiB} MiB at most`);
      assert.equal(report.count, count, report.message);
      assert.match(report.last ?? "", new RegExp(`tenant-${count - 1}@`));
    });
  }

  it("of no users measure the baseline of the process", async () => {
    const { report } = await call("listUsers", () => ["[]"]);
    console.log(`      no users: ${report.peakMiB} MiB at most`);
    assert.equal(report.count, 0);
  });

  it("of 1,000,000 elements that are not users are refused at the first one", async () => {
    for (const [of, operation] of [
      ["{}", "listUsers"],
      ["0", "listUsers"],
    ] as const) {
      const { report } = await call(operation, () => list("[", () => of, 1_000_000, "]"));
      assertClear(report.message ?? "");
      assert.match(
        report.message ?? "",
        /^list users: the answer is not one .*: 0(\.UserEmail)?: /,
      );
    }
  });

  it("of empty objects are refused before they are parsed", async () => {
    const { report } = await call("listUsers", () => list("[", () => "{}", 20_000_000, "]"));
    assertClear(report.message ?? "");
    assert.match(report.message ?? "", /: it has more than 8000000 parts/);
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
        // It does end, so that a client without a limit does not use all memory of the machine.
        for (let mib = 0; mib < 8 * limitMiB + 64; mib += 1) yield " ".repeat(1024 * 1024);
      };
      const { report, sentMiB } = await call(operation, endless);
      assertClear(report.message ?? "");
      assert.match(report.message ?? "", new RegExp(`: it is larger than ${limitMiB} MiB; `));
      assert(sentMiB < limitMiB + 64, `${sentMiB} MiB were sent`);
    });
  }
});
