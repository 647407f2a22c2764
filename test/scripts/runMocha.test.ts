import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { withPlace } from "./fakes";

const mixed = `describe("mixed", () => {
  it("passes", () => {});
  it("fails", () => { throw new Error("no"); });
  it.skip("is skipped", () => {});
  it("is skipped by itself", function () { this.skip(); });
});`;

interface Case {
  readonly title: string;
  readonly suites: string[];
  readonly counts: [passed: number, failed: number, skipped: number];
  readonly fault?: RegExp;
  readonly flags?: string[];
  readonly env?: Record<string, string>;
  readonly limitMs?: number;
}

const cases: Case[] = [
  { title: "passed, failed and skipped", suites: [mixed, mixed], counts: [2, 2, 4] },
  {
    title: "the same in parallel",
    suites: [mixed, mixed],
    counts: [2, 2, 4],
    flags: ["--parallel", "--jobs", "2"],
  },
  {
    title: "a hook that fails as a failed test",
    suites: [
      `describe("a", () => { before(() => { throw new Error("no"); }); it("b", () => {}); });`,
    ],
    counts: [0, 1, 0],
  },
  {
    title: "a suite that breaks off, even with exit code 0, as one more failed test",
    suites: [`it("a", () => {}); it("b", () => process.exit(0)); it("c", () => {});`],
    counts: [1, 1, 0],
    fault: /^broke off with exit code 0$/,
  },
  {
    title: "a file that doesn't load as a failed test",
    suites: [`throw new Error("no");`],
    counts: [0, 1, 0],
    fault: /^broke off with exit code 1$/,
  },
  {
    title: "a suite without tests as a failed test",
    suites: ["describe('empty', () => {});"],
    counts: [0, 1, 0],
    fault: /^ran no test$/,
  },
  {
    title: "a suite with a forgotten `only` as failed",
    suites: [`it.only("a", () => {}); it("b", () => {});`],
    counts: [0, 1, 0],
    fault: /^broke off/,
  },
  {
    title: "a failed test that leaves something open as that, and goes on",
    suites: [`it("a", () => { setInterval(() => {}, 1000); throw new Error("no"); });`],
    counts: [0, 1, 0],
    env: { PULUMI_OSTOR_GRACE_MS: "300" },
  },
  {
    title: "a suite that leaves something open as one more failed test",
    suites: [`it("a", () => { setInterval(() => {}, 1000); });`],
    counts: [1, 1, 0],
    env: { PULUMI_OSTOR_GRACE_MS: "300" },
  },
  {
    title: "a suite that hangs as one more failed test",
    suites: [`it("a", () => {}); after(() => setInterval(() => {}, 1000));`],
    counts: [1, 1, 0],
    limitMs: 3_000,
    fault: /^ran longer than 3 s and was stopped$/,
  },
];

describe("runMocha", () => {
  for (const { title, suites, counts, fault, flags = [], env = {}, limitMs = 15_000 } of cases) {
    it(`counts ${title}`, async () => {
      await withPlace(async ({ folder }) => {
        const { runMocha } = await import("../../scripts/test/mocha.mjs");
        const files = suites.map((_, index) => join(folder, `${index}.cjs`));
        await Promise.all(files.map((file, index) => writeFile(file, suites[index] ?? "")));
        const options = { flags, env, cwd: folder, limitMs };
        const result = await runMocha(files, options);
        if (result.failed > 0) assert.notEqual(result.failures, "");
        assert.deepEqual([result.passed, result.failed, result.skipped], counts);
        if (fault === undefined) assert.equal(result.fault, undefined);
        else assert.match(result.fault ?? "", fault);
      });
    });
  }
});

describe("the summary", () => {
  const results = [
    { name: "types", passed: 1, failed: 0, skipped: 0, seconds: 8.04 },
    { name: "unit", passed: 120, failed: 2, skipped: 3, seconds: 61 },
  ];

  it("is a table", async () => {
    const { summaryTable } = await import("../../scripts/test/summary.mjs");
    assert.equal(
      summaryTable(results),
      [
        "part           passed   failed  skipped  seconds",
        "types               1        0        0      8.0",
        "unit              120        2        3     61.0",
      ].join("\n"),
    );
  });

  it("ends with the sums", async () => {
    const { countsLine } = await import("../../scripts/test/summary.mjs");
    assert.equal(countsLine(results), "121 passed, 2 failed, 3 skipped");
  });
});
