// @ts-check
import { writeFileSync } from "node:fs";
import { format } from "node:util";

import Mocha from "mocha";

/**
 * Prints nothing. Writes a file with the counts and the failures in full: { passed, failed, skipped, ended, failures }.
 * Writes it after each test, so that a suite that crashes still reports its counts.
 */
export default class CountingReporter extends Mocha.reporters.Base {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const file = process.env["PULUMI_OSTOR_COUNTS"];
    if (file === undefined) return;
    const counts = { passed: 0, failed: 0, skipped: 0, ended: false, failures: "" };
    const keep = () => writeFileSync(file, JSON.stringify(counts));
    keep();
    runner.on("pass", () => (counts.passed++, keep()));
    runner.on("fail", () => {
      counts.failed++;
      counts.failures = listed(this.failures);
      keep();
    });
    runner.on("pending", () => (counts.skipped++, keep()));
    runner.once("end", () => {
      counts.ended = true;
      keep();
      leaveAfter(Number(process.env["PULUMI_OSTOR_GRACE_MS"] ?? 30_000), () => {
        // Mocha's own exit code covers only its tests.
        counts.failed = Math.max(1, counts.failed);
        counts.failures +=
          "\nThe tests have ended, but one left something open; it is closed by force.";
        keep();
      });
    });
  }
}

/**
 * Failures as mocha prints them.
 * @param {Mocha.Test[]} failures
 */
function listed(failures) {
  const { Base } = Mocha.reporters;
  const { consoleLog } = Base;
  /** @type {string[]} */
  const lines = [];
  Base.consoleLog = (...words) => void lines.push(format(...words));
  Base.list(failures);
  Base.consoleLog = consoleLog;
  return lines.join("\n");
}

/**
 * Ends the process if a failed test left a server open, because the parts after it would wait.
 * @param {number} graceMs
 * @param {() => void} count
 */
function leaveAfter(graceMs, count) {
  const leave = () => {
    count();
    process.exit(1);
  };
  setTimeout(leave, graceMs).unref();
}
