import assert from "node:assert/strict";

/** Fails unless a table has so many aligned columns, separated by two spaces or more. */
export function assertAligned(lines: readonly string[], columns: number): void {
  const [head = "", ...rows] = lines;
  const starts = [...head.matchAll(/(?<= {2})\S/g)].map(({ index }) => index);
  assert.equal(starts.length + 1, columns, head);
  for (const row of rows) {
    for (const start of starts) {
      assert.match(row.slice(start - 2, start + 1), /^ {2}\S$/, `${head}\n${row}`);
    }
  }
}
