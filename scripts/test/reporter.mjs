// @ts-check
import { writeFileSync } from "node:fs";

import Mocha from "mocha";

/**
 * Prints failures in full and nothing of what passes. Writes a file with the counts: { passed, failed, skipped, ended }.
 * It is written at each test, so that a suite that crashes still reports how far it came.
 */
export default class CountingReporter extends Mocha.reporters.Base {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
    });
    const file = process.env["PULUMI_OSTOR_COUNTS"];
    if (file === undefined) return;
    const counts = { passed: 0, failed: 0, skipped: 0, ended: false };
    const keep = () => writeFileSync(file, JSON.stringify(counts));
    keep();
    runner.on("pass", () => (counts.passed++, keep()));
    runner.on("fail", () => (counts.failed++, keep()));
    runner.on("pending", () => (counts.skipped++, keep()));
    runner.once("end", () => {
      counts.ended = true;
      keep();
      leaveAfter(Number(process.env["PULUMI_OSTOR_GRACE_MS"] ?? 30_000), () => {
        // Mocha's own exit code is that of its tests.
        counts.failed = Math.max(1, counts.failed);
        keep();
      });
    });
  }
}

/**
 * A test that fails may leave a server open, which would keep the parts after it waiting.
 * @param {number} graceMs
 * @param {() => void} count
 */
function leaveAfter(graceMs, count) {
  const leave = () => {
    console.error("The tests have ended, but one left something open; it is closed by force.");
    count();
    process.exit(1);
  };
  setTimeout(leave, graceMs).unref();
}
