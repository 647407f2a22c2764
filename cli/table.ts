import Table from "cli-table3";

const frame =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid";

/** A table without a frame, two spaces between columns. */
export function bareTable(head: string[], rows: string[][]): string {
  const bare = Object.fromEntries(frame.split(" ").map((name) => [name, ""]));
  const table = new Table({
    head,
    chars: { ...bare, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows);
  return table.toString().replace(/ +$/gm, "");
}
