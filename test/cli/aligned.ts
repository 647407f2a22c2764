import assert from "node:assert/strict";

/** Fails unless the columns of a table, parted by two blanks or more, begin below each other. */
export function assertAligned(lines: readonly string[]): void {
  const [head = "", ...rows] = lines;
  const starts = [...head.matchAll(/(?<= {2})\S/g)].map(({ index }) => index);
  assert.ok(starts.length > 0, `a table of one column: ${head}`);
  for (const row of rows) {
    for (const start of starts) {
      assert.match(row.slice(start - 2, start + 1), /^ {2}\S$/, `${head}\n${row}`);
    }
  }
}
