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
    runner.once("end", () => ((counts.ended = true), keep()));
  }
}
