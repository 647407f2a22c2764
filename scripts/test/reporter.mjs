// @ts-check
import { writeFileSync } from "node:fs";

import Mocha from "mocha";

/**
 * Mocha's usual output, and a file with the counts: { passed, failed, skipped, ended }. It is written
 * at each test, so that a suite that crashes still tells how far it came.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
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
 * A test that fails may leave a server open, and that would hold up all parts that come after.
 * @param {number} graceMs
 * @param {() => void} count
 */
function leaveAfter(graceMs, count) {
  const leave = () => {
    console.error("The tests are over, and something that one of them left open is cut off.");
    count();
    process.exit(1);
  };
  setTimeout(leave, graceMs).unref();
}
