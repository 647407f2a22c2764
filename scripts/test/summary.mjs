// @ts-check

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number }} Result */

/**
 * Formats the results as a table.
 * @param {readonly Result[]} results
 */
export function summaryTable(results) {
  const head = ["part", "passed", "failed", "skipped", "seconds"];
  const rows = results.map(({ name, passed, failed, skipped, seconds }) => [
    name,
    `${passed}`,
    `${failed}`,
    `${skipped}`,
    seconds.toFixed(1),
  ]);
  return [head, ...rows]
    .map(
      ([name = "", ...cells]) => name.padEnd(12) + cells.map((cell) => cell.padStart(9)).join(""),
    )
    .join("\n");
}

/**
 * The last line of a run, for people and for programs that read the output.
 * @param {readonly Result[]} results
 */
export function countsLine(results) {
  /** @param {"passed" | "failed" | "skipped"} key */
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`;
}
